// Passkeys: asks the browser for one, or for proof of one, and sends its answer with the form.
(() => {
  const form = document.querySelector("[data-passkey]");
  if (!form) return;
  const fault = form.querySelector("[data-passkey-fault]");
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));
  const say = (words) => { fault.textContent = words; fault.hidden = false; };

  if (!window.isSecureContext || !window.PublicKeyCredential || /^[\d.]+$|^\[/.test(location.hostname)) {
    say(form.dataset.impossible);
    form.querySelector("[type=submit]").disabled = true;
    return;
  }
  const options = JSON.parse(form.dataset.passkey).publicKey;
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  options.excludeCredentials = listed(options.excludeCredentials);
  options.allowCredentials = listed(options.allowCredentials);

  const answer = (credential) => {
    const { response } = credential;
    const given = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
      if (response[name]) given[name] = text(response[name]);
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: given,
    };
  };
  form.addEventListener("submit", async (event) => {
    const field = form.querySelector("[name=credential]");
    if (field.value) return;
    event.preventDefault();
    try {
      const ask = { publicKey: options };
      const credential = options.user ? await navigator.credentials.create(ask) : await navigator.credentials.get(ask);
      field.value = JSON.stringify(answer(credential));
      form.requestSubmit();
    } catch {
      say(form.dataset.failed);
    }
  });
})();
