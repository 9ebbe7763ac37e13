/* Questions about rows, and their answers as a table for spreadsheets or with
 * a receipt: shared by "glinto query" and "glinto rows". */

#ifndef GL_CLI_QUESTION_H
#define GL_CLI_QUESTION_H

#include "cli/cli.h"

/* ---- a question about rows: question.c ---- */

/* Read the arguments: OPTIONS, and the question of the file that is named, or
 * of standard input; JSON is the caller's.  0, or the exit status; said. */
int gl_cli_read_question(struct gl_cli *cli,
                         const struct gl_cli_option *options, json_t **json);
/* The question is about rows that take long: CLI->waits says how far. */
void gl_cli_wait_for(struct gl_cli *cli, const json_t *question);

/* ---- cells of a spreadsheet: csv.c ---- */

/* A text; the LAST one ends its line. */
void gl_cli_csv_cell(const char *text, int last);
/* A text, a number, or nothing. */
void gl_cli_csv_value(const json_t *value, int last);

/* ---- a receipt: receipt.c ---- */

/* Print that of ANSWER; 0 when what was counted again is equal, else 1. */
int gl_cli_receipt(const json_t *answer);
int gl_cli_receipt_status(const json_t *answer);

#endif
