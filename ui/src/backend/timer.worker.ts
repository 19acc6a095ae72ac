addEventListener("message", (message: MessageEvent<{ id: number; ms: number }>) => {
  setTimeout(() => postMessage(message.data.id), message.data.ms);
});
