/* crm-line-layout.c: lays out a line of text and a second one that may be blank
 *
 * The room is the same whatever they say, so that a text that changes moves no other row: a first line that is alone stands in
 * the middle.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-line-layout.h"

#include "model/crm-shown-text.h"

#define SPACING 2

struct _CrmLineLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (CrmLineLayout, crm_line_layout, GTK_TYPE_LAYOUT_MANAGER)

static gboolean
is_blank (GtkWidget *line)
{
  const char *text = gtk_inscription_get_text (GTK_INSCRIPTION (line));

  return text == NULL || *text == '\0';
}

static void
crm_line_layout_measure (GtkLayoutManager *layout,
                         GtkWidget        *widget,
                         GtkOrientation    orientation,
                         int               for_size,
                         int              *minimum,
                         int              *natural,
                         int              *minimum_baseline,
                         int              *natural_baseline)
{
  *minimum = *natural = 0;

  for (GtkWidget *line = gtk_widget_get_first_child (widget); line != NULL; line = gtk_widget_get_next_sibling (line))
    {
      int line_minimum, line_natural;

      gtk_widget_measure (line, orientation, -1, &line_minimum, &line_natural, NULL, NULL);
      if (orientation == GTK_ORIENTATION_HORIZONTAL)
        {
          *minimum = MAX (*minimum, line_minimum);
          *natural = MAX (*natural, line_natural);
        }
      else
        {
          int spacing = *natural > 0 ? SPACING : 0;

          *minimum += line_minimum + spacing;
          *natural += line_natural + spacing;
        }
    }
}

static void
crm_line_layout_allocate (GtkLayoutManager *layout,
                          GtkWidget        *widget,
                          int               width,
                          int               height,
                          int               baseline)
{
  GtkWidget *first = gtk_widget_get_first_child (widget);
  GtkWidget *second = first != NULL ? gtk_widget_get_next_sibling (first) : NULL;
  int first_height, second_height = 0, top;

  if (first == NULL)
    return;

  gtk_widget_measure (first, GTK_ORIENTATION_VERTICAL, -1, NULL, &first_height, NULL, NULL);
  if (second != NULL)
    gtk_widget_measure (second, GTK_ORIENTATION_VERTICAL, -1, NULL, &second_height, NULL, NULL);

  top = (height - first_height) / 2;
  if (second != NULL && !is_blank (second))
    top = (height - first_height - SPACING - second_height) / 2;

  gtk_widget_size_allocate (first, &(GtkAllocation) { 0, top, width, first_height }, -1);
  if (second != NULL)
    gtk_widget_size_allocate (second, &(GtkAllocation) { 0, top + first_height + SPACING, width, second_height }, -1);
}

static void
crm_line_layout_class_init (CrmLineLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->measure = crm_line_layout_measure;
  layout_class->allocate = crm_line_layout_allocate;
}

static void
crm_line_layout_init (CrmLineLayout *self)
{
}

/**
 * crm_line_layout_align:
 * @line: a line of text
 *
 * Lets the text begin where the lines of the window begin, also where it is written the other way.
 */
void
crm_line_layout_align (GtkInscription *line)
{
  CrmWritten written;
  gboolean right_to_left;

  g_return_if_fail (GTK_IS_INSCRIPTION (line));

  written = crm_shown_text_get_written (gtk_inscription_get_text (line));
  right_to_left = gtk_widget_get_direction (GTK_WIDGET (line)) == GTK_TEXT_DIR_RTL;

  /* Pango takes the beginning of a line to be where its own text begins. */
  gtk_inscription_set_xalign (line, written == (right_to_left ? CRM_WRITTEN_LEFT_TO_RIGHT : CRM_WRITTEN_RIGHT_TO_LEFT) ? 1 : 0);
}

/**
 * crm_line_layout_set_text:
 * @line: a line of a widget that is laid out so
 * @text: (nullable): what it says; %NULL for nothing
 */
void
crm_line_layout_set_text (GtkInscription *line,
                          const char     *text)
{
  gboolean was_blank;

  g_return_if_fail (GTK_IS_INSCRIPTION (line));

  was_blank = is_blank (GTK_WIDGET (line));
  gtk_inscription_set_text (line, text);
  crm_line_layout_align (line);
  if (is_blank (GTK_WIDGET (line)) != was_blank)
    gtk_widget_queue_allocate (gtk_widget_get_parent (GTK_WIDGET (line)));
}
