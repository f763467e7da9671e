// A course inside a page of ours: answers the messages its provider sends to the window around it.
// 1EdTech "LTI Client Side postMessages" 0.1 and "LTI postMessage Storage" 0.1. Each origin has a
// storage of its own, in this page's memory: no provider can read another's.
(() => {
  "use strict";
  const frame = document.querySelector("[data-col-frame]");
  if (!frame) return;
  const origins = new Set(frame.dataset.colFrame.split(" ").filter(Boolean));
  const MOST_KEYS = 500;
  const LONGEST_KEY = 500;
  const LONGEST_VALUE = 4096;
  const TALLEST = 20000;
  // The names of the specification, and those of its drafts, which some providers still send.
  const PREFIXES = ["lti.", "org.imsglobal.lti."];
  const storage = new Map();

  class Bad extends Error {
    constructor(code, message) {
      super(message);
      this.code = code;
    }
  }

  const storageOf = (origin) => {
    if (!storage.has(origin)) storage.set(origin, new Map());
    return storage.get(origin);
  };

  const keyOf = (data) => {
    if (typeof data.key !== "string" || !data.key || data.key.length > LONGEST_KEY) {
      throw new Bad("bad_request", `"key" has to be a text of 1 to ${LONGEST_KEY} characters.`);
    }
    return data.key;
  };

  const supported = () =>
    PREFIXES.flatMap((prefix) => Object.keys(HANDLERS).map((name) => ({ subject: prefix + name })));

  const HANDLERS = {
    capabilities: () => ({ supported_messages: supported() }),

    get_data(data, origin) {
      const key = keyOf(data);
      return { key, value: storageOf(origin).get(key) ?? null };
    },

    put_data(data, origin) {
      const key = keyOf(data);
      const kept = storageOf(origin);
      // Without a value the key is taken out.
      if (data.value === null || data.value === undefined) {
        kept.delete(key);
        return { key, value: null };
      }
      if (typeof data.value !== "string") {
        throw new Bad("bad_request", '"value" has to be a text.');
      }
      if (data.value.length > LONGEST_VALUE || (!kept.has(key) && kept.size >= MOST_KEYS)) {
        const most = `${MOST_KEYS} keys with ${LONGEST_VALUE} characters each`;
        throw new Bad("storage_exhaustion", `There is room for ${most}.`);
      }
      kept.set(key, data.value);
      return { key, value: data.value };
    },

    frameResize(data) {
      const height = Number(data.height);
      if (!(height > 0)) throw new Bad("bad_request", '"height" has to be a number of pixels.');
      frame.style.minHeight = `${Math.min(height, TALLEST)}px`;
      return {};
    },

    close() {
      location.assign(frame.dataset.colBack);
      return {};
    },
  };

  const isInside = (source) => {
    // The provider's own page, or one that it has framed in turn.
    for (let depth = 0; source && depth < 5; depth += 1) {
      if (source === frame.contentWindow) return true;
      if (source === source.parent) return false;
      source = source.parent;
    }
    return false;
  };

  const read = (data) => {
    if (typeof data !== "string") return data;
    try {
      return JSON.parse(data);
    } catch {
      return null;
    }
  };

  window.addEventListener("message", (event) => {
    const data = read(event.data);
    if (!data || typeof data !== "object" || typeof data.subject !== "string") return;
    const prefix = PREFIXES.find((one) => data.subject.startsWith(one));
    if (!prefix || data.subject.endsWith(".response") || !isInside(event.source)) return;
    const answer = { subject: `${data.subject}.response`, message_id: data.message_id };
    const name = data.subject.slice(prefix.length);
    try {
      if (!origins.has(event.origin)) {
        throw new Bad("wrong_origin", "This address does not belong to the course provider.");
      }
      if (!Object.hasOwn(HANDLERS, name)) {
        throw new Bad("unsupported_subject", "This message is not known here.");
      }
      // Two were there before the specification and come without an id, as some ask for the third.
      const isOld = ["frameResize", "close", "capabilities"].includes(name);
      if (!isOld && (typeof data.message_id !== "string" || !data.message_id)) {
        throw new Bad("bad_request", '"message_id" is missing.');
      }
      Object.assign(answer, HANDLERS[name](data, event.origin));
    } catch (error) {
      if (!(error instanceof Bad)) throw error;
      answer.error = { code: error.code, message: error.message };
    }
    // A frame without an origin of its own cannot be addressed.
    if (event.origin !== "null") event.source.postMessage(answer, event.origin);
  });
})();
