// Leaves a page that is only on the way: without this script there is a button to press.
(() => {
  "use strict";
  const onward = document.querySelector("[data-col-go-on]");
  if (onward instanceof HTMLFormElement) {
    HTMLFormElement.prototype.submit.call(onward);
  } else if (onward) {
    onward.click();
  }
})();
