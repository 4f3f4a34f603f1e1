// Which button speaks with a passkey? The one that says so in data-passkey: "add", "use" or "sign-in".
(function () {
  "use strict";
  function said(button, name) { return document.getElementById(button.dataset[name]); }
  function ready() {
    document.querySelectorAll("button[data-passkey]").forEach(function (button) {
      button.hidden = false;
      var forms = window.allauth.webauthn.forms, kind = button.dataset.passkey;
      var ids = { credential: button.dataset.credential, data: "passkey-data" };
      if (kind === "add") { ids.add = button.id; ids.passwordless = button.dataset.passwordless; forms.addForm({ ids: ids }); }
      if (kind === "use") { ids.authenticate = button.id; forms.authenticateForm({ ids: ids }); }
      if (kind === "sign-in") { ids.login = button.id; delete ids.data; forms.loginForm({ ids: ids }); }
    });
    // The browser asked and somebody said no, or there is no passkey here: a word, and nothing else happens.
    document.addEventListener("allauth.error", function (event) {
      event.preventDefault();
      var word = document.getElementById("passkey-failed");
      if (word) { word.hidden = false; word.focus(); }
    });
    document.querySelectorAll("button[data-copy]").forEach(function (button) {
      button.hidden = !navigator.clipboard;
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(said(button, "copy").textContent.trim());
        var done = said(button, "done");
        if (done) { done.hidden = false; }
      });
    });
  }
  if (document.readyState === "loading") { document.addEventListener("DOMContentLoaded", ready); } else { ready(); }
})();
