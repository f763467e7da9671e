// LTI Dynamic Registration 1.0, section 3.8: the platform closes the window.
(window.opener || window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");
