// Nothing here is needed to read or to act. It tells the server in which time zone the reader is, moves the focus to
// what was wrong in a form, and keeps a button from being pressed twice.
(() => {
  const page = document.documentElement;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && page.dataset.zone && page.dataset.zone !== zone && !document.cookie.includes("takeback_zone=")) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `takeback_zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    if (page.dataset.times === "yes" && document.cookie.includes("takeback_zone=")) location.reload();
  }
  const wrong = document.getElementById("errors");
  if (wrong) wrong.focus();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) event.preventDefault();
    else if (!form.hasAttribute("hx-post")) form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
})();
