/*
 * Cells of tables that people open with a spreadsheet, which takes some texts
 * for formulas and runs them.  A ' before such a text keeps it one.
 *
 * A program that takes another separator than the comma begins a cell within
 * one of ours: so a text is looked at after ';', a tab and the end of a line,
 * too.  What a cell had itself of such marks stays: one comes before it.
 * Pure.
 */

#ifndef GL_CELL_H
#define GL_CELL_H

/* TEXT as a cell in quotes, byte by byte. */
void gl_cell_write(const char *text, void (*put)(void *arg, char c),
                   void *arg);
/* The marks are taken out of TEXT, a cell without its quotes. */
void gl_cell_read(char *text);

#endif
