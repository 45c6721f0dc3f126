/* crm-signature.h: signs requests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CRM_CONTENT_TYPE "application/json"
#define CRM_API_VERSION "1.0"

char *crm_signature_md5            (GBytes     *body);
char *crm_signature_string_to_sign (const char *md5,
                                    const char *target,
                                    const char *ivvy_date);
char *crm_signature_sign           (const char *string_to_sign,
                                    const char *secret);

G_END_DECLS
