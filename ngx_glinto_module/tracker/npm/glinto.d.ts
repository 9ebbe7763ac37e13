/** Money: an amount, and its code of ISO 4217. */
export interface Revenue {
    amount: number | string;
    currency: string;
}

/** What beforeSend is given, and gives back. */
export interface Event {
    name: string;
    /** The page it belongs to. */
    url: string;
    referrer: string;
    /** Custom properties, at most 30. */
    props?: Record<string, string | number>;
    revenue?: Revenue;
    /** false: it does not end a bounce. */
    interactive?: boolean;
}

export interface TrackOptions {
    props?: Record<string, string | number>;
    revenue?: Revenue;
    interactive?: boolean;
    /** Default: the address in the browser. */
    url?: string;
    /**
     * Called when the answer has come, or with what went wrong; with nothing
     * when this browser, or this event, is not counted.
     */
    callback?: (reply?: Response | Error) => void;
}

export interface Options {
    /** The site, or several with commas between.  Default: the page's host. */
    domain?: string;
    /** Where events go.  Default: /api/event on the page's own host. */
    endpoint?: string;
    /** The part after "#" belongs to the page's address. */
    hash?: boolean;
    /** No view by itself: track('pageview') is yours. */
    manual?: boolean;
    /** Pages on localhost and from a file are counted, too. */
    localhost?: boolean;
    /** Properties of all events. */
    props?: Record<string, string | number>;
    /** Views of all other paths do not count; "*" and "**" as in the docs. */
    include?: string[];
    /** Views of these paths do not count. */
    exclude?: string[];
    /** Elements with data-event are events. */
    taggedEvents?: boolean;
    outboundLinks?: boolean;
    /** true, or the ends of names of files. */
    fileDownloads?: boolean | string[];
    formSubmissions?: boolean;
    /** A page that was answered 404 or 410 is the event "404", too. */
    notFound?: boolean;
    /** What it returns is sent; nothing, when it returns nothing. */
    beforeSend?: (event: Event) => Event | null | undefined | false;
    /** A name in window for track(), as "glinto".  Default: none. */
    global?: string;
}

/** Begins to count; a second call does nothing, nor does one on a server. */
export function init(options?: Options): void;

/** Sends an event; before init() it waits for that. */
export function track(name: string, options?: TrackOptions): void;
