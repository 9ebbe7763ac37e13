/*
 * Limits of the product that a short history must reach: included before all
 * else (-include), and the product's headers leave them as they are.  Those
 * that are variables are drawn anew for each seed (history.c).
 */

#ifndef GL_SIM_LIMITS_H
#define GL_SIM_LIMITS_H

extern unsigned sim_full_accounts, sim_begun_max, sim_round_frames;
extern unsigned sim_open_max, sim_files_max, sim_enough;
extern unsigned sim_round_accounts;
extern unsigned sim_slice_bytes;
extern long long sim_keep_ms;

#define GL_SEGMENT_BYTES_MIN 8192
#define GL_SPOOL_ROUND_FRAMES sim_round_frames
#define GL_SPOOL_OPEN_MAX sim_open_max
#define GL_SPOOL_FILES_MAX sim_files_max
#define GL_INGEST_ENOUGH sim_enough
#define GL_INGEST_ROUND_ACCOUNTS sim_round_accounts
#define GL_INGEST_KEEP_MS sim_keep_ms
#define GL_SEAL_SLICE_BYTES sim_slice_bytes
#define GL_SEAL_SEALED_MS 1000
#define GL_INGEST_FULL_ACCOUNTS sim_full_accounts
#define GL_INGEST_FULL_BACKLOG sim_full_accounts

#endif
