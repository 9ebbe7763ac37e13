/*
 * Packets from a worker to the aggregator over the hint socket
 * (SOCK_SEQPACKET).  Little endian.  Nothing is ever sent back.  A packet may
 * be lost, late or doubled without changing a result: files are the truth.
 *
 *  all     0 1 type   1 1 proto = 1   2 2 zero
 *  HELLO   4 4 segment major  8 4 pid  12 16 incarnation  28 8 st_dev of the
 *          spool directory  36 8 st_ino  44 16 module version, zero padded.
 *          Sent with the connection and when the directory is another one;
 *          st_dev and st_ino 0: the worker writes nowhere
 *  EVENTS  4 4 first index  8 4 file offset of first frame  12 4 count
 *          16 16 segment id  32 .. raw frames byte for byte as in the file
 *  SEALED  4 16 segment id
 *  DROPS   4 16 incarnation  20 8 total
 */

#ifndef GL_HINT_H
#define GL_HINT_H

#define GL_HINT_PROTO 1
#define GL_HINT_PACKET_MAX (32 * 1024)

#define GL_HINT_HELLO_BYTES 60
#define GL_HINT_PLACE_AT 28 /* of a HELLO: st_dev, st_ino */
#define GL_HINT_PLACE_BYTES 16
#define GL_HINT_EVENTS_HEADER_BYTES 32
#define GL_HINT_SEALED_BYTES 20
#define GL_HINT_DROPS_BYTES 28

enum gl_hint_type {
    GL_HINT_HELLO = 1,
    GL_HINT_EVENTS = 2,
    GL_HINT_SEALED = 3,
    GL_HINT_DROPS = 4
};

#endif
