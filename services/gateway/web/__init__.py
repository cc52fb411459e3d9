"""The pages of the gateway: rendered on the server, zh-Hant first, English beside it, whole without JavaScript."""
