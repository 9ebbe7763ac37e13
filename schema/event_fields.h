/*
 * The fields of an event on the wire: one msgpack map with these small
 * integers as keys.  One table feeds the encoder, the decoder, the tests and
 * the documentation.
 *
 *   GL_FIELD(key, member, type, longest, meaning)
 *
 * type    UINT  unsigned integer, 0..2^64-1, left out when 0
 *         TEXT  ASCII, but for the agent, left out when empty
 *         UTF8  UTF-8 without control characters, left out when empty
 *         PROPS map of UTF8 to UTF8, left out when empty
 * longest TEXT, UTF8: characters (a TEXT has as many bytes, a UTF8 at most
 *         four for each); UINT: largest value (0 = no limit of its own);
 *         PROPS: number of pairs.
 *
 * APPEND ONLY.  A key is never given a new meaning and never used again:
 * segments written by an older worker may still wait in the spool.  A reader
 * ignores keys it does not know.  Lengths follow Plausible's API where it has
 * the field (name 120, path 2000, 30 props
 * of 300 and 2000).
 */

GL_FIELD(0, schema, UINT, 0, "version of this table, always 1")
GL_FIELD(1, site, TEXT, 253, "site as named in the request, request/host.h")
GL_FIELD(2, kind, UINT, 3, "1 pageview, 2 custom event, 3 engagement")
GL_FIELD(3, name, UTF8, 120, "name of a custom event")
GL_FIELD(4, host, TEXT, 253, "host of the page, request/host.h")
GL_FIELD(5, path, UTF8, 2000, "path of the page, percent-decoded, no query")
GL_FIELD(6, referrer, TEXT, 2000, "referring URL without its query")
GL_FIELD(7, utm_source, UTF8, 255, "utm_source of the page's query")
GL_FIELD(8, utm_medium, UTF8, 255, "utm_medium")
GL_FIELD(9, utm_campaign, UTF8, 255, "utm_campaign")
GL_FIELD(10, utm_content, UTF8, 255, "utm_content")
GL_FIELD(11, utm_term, UTF8, 255, "utm_term")
GL_FIELD(12, source, UTF8, 255, "source or ref key of the page's query")
GL_FIELD(13, click_id, TEXT, 16,
         "name of the click id in the query (gclid ...)")
GL_FIELD(14, title, UTF8, 1024, "title of the page")
GL_FIELD(15, agent, TEXT, 512, "User-Agent, cut at 512 bytes")
GL_FIELD(16, evidence, UINT, 0, "bits GL_EVIDENCE_*: which headers came")
GL_FIELD(17, language, TEXT, 35, "first tag of Accept-Language, BCP 47")
GL_FIELD(18, screen, TEXT, 11, "screen as WIDTHxHEIGHT, pixels")
GL_FIELD(19, country, TEXT, 2, "ISO 3166-1 alpha-2, from an nginx variable")
GL_FIELD(20, region, TEXT, 6, "ISO 3166-2, from an nginx variable")
GL_FIELD(21, city, UTF8, 128, "GeoNames id or name, from an nginx variable")
GL_FIELD(22, props, PROPS, 30, "custom properties")
GL_FIELD(23, amount, TEXT, 32, "revenue as a decimal number")
GL_FIELD(24, currency, TEXT, 3, "ISO 4217 code of the revenue")
GL_FIELD(25, scroll_depth, UINT, 255, "engagement: percent + 1, 0 = missing")
GL_FIELD(26, engagement_ms, UINT, 2592000000, "engagement: milliseconds")
GL_FIELD(27, server, UINT, 5,
         "0 sent by a script; 2..5 page served here, "
         "class of its status")
GL_FIELD(28, visitor, UINT, 0, "visitor id under the day's salt, 63 bits")
GL_FIELD(29, visitor_before, UINT, 0,
         "visitor id under yesterday's salt, "
         "first 30 minutes of a UTC day only")
GL_FIELD(30, passive, UINT, 1, "1 = custom event that does not end a bounce")
GL_FIELD(31, status, UINT, 599, "page served: its status of HTTP")
GL_FIELD(32, bytes, UINT, 0, "page served: bytes sent, headers too")
GL_FIELD(33, request_ms, UINT, 0, "page served: $request_time, milliseconds")
GL_FIELD(34, upstream_ms, UINT, 0,
         "page served: milliseconds of upstreams, + 1, 0 = none was asked")
GL_FIELD(35, cache, UINT, 7,
         "page served: 1 miss, 2 bypass, 3 expired, 4 stale, 5 updating, "
         "6 revalidated, 7 hit")
GL_FIELD(36, fetched, UINT, 0, "page served: bits GL_FETCHED_*")
GL_FIELD(37, network, TEXT, 32,
         "whose published network the address is of: name of an operator")
GL_FIELD(38, signed_base, TEXT, 2048,
         "page served: what a signature is of, lines; request/signed.h")
GL_FIELD(39, signature, TEXT, 88, "the signature, base64")
GL_FIELD(40, signed_as, UINT, 15,
         "page served: enum gl_signed; 0 = nobody signed it")
GL_FIELD(41, brand, TEXT, 48, "browser, of Sec-CH-UA")
GL_FIELD(42, brand_version, TEXT, 16, "its version")
GL_FIELD(43, platform, TEXT, 32, "system, of Sec-CH-UA-Platform")
GL_FIELD(44, platform_version, TEXT, 24, "its version")
GL_FIELD(45, mobile, UINT, 2, "Sec-CH-UA-Mobile: 1 no, 2 yes; 0 unsaid")
GL_FIELD(46, understood, TEXT, 511,
         "agent as another glinto understood it, enrich/understood.h; never "
         "from a worker")
