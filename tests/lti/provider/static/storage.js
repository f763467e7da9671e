// LTI postMessage Storage: where a cookie would be blocked, the platform's page keeps our state.
"use strict";

function ask(target, origin, message) {
  return new Promise((done, failed) => {
    const id = crypto.randomUUID();
    const platform = window.parent === window ? window.opener : window.parent;
    const frame = target === "_parent" ? platform : platform.frames[target];
    window.addEventListener("message", (event) => {
      if (event.origin !== origin || event.data?.message_id !== id) return;
      if (event.data.subject !== `${message.subject}.response`) return;
      event.data.error ? failed(event.data.error) : done(event.data);
    });
    setTimeout(() => failed({ code: "timeout" }), 5000);
    frame.postMessage({ ...message, message_id: id }, origin);
  });
}

function sayWhy(error) {
  document.querySelector("main").textContent = `The platform's storage did not answer: ${error.code}`;
}

// Before the log-in: what has to come back with the launch.
const keep = document.getElementById("keep");
if (keep) {
  const { url, target, origin } = keep.dataset;
  const state = new URL(url).searchParams.get("state");
  ask(target, origin, { subject: "lti.put_data", key: state, value: state }).then(
    () => window.location.replace(url),
    sayWhy,
  );
}

// At the launch: whether it is what was kept.
const form = document.getElementById("fetch");
if (form) {
  const { target, origin } = form.dataset;
  ask(target, origin, { subject: "lti.get_data", key: form.elements.state.value }).then(
    (answer) => {
      form.elements.stored.value = answer.value;
      form.submit();
    },
    sayWhy,
  );
}
