import type { Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { house } from "./harness/house";
import type { Person } from "./harness/person";
import { field, gone, refused, sees, title, until } from "./harness/screen";

const home = house();
let jonas: Person;

beforeAll(async () => {
  jonas = await home.friend("jonas");
});

async function fillIn(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await field(page, label).fill(value);
}

test("a wrong password is said beside the form, and nothing typed is lost", async () => {
  home.visits.allow(refused);
  const page = await home.visit(null, { path: "/login" });
  await fillIn(page, { Username: "jonas", Password: "wrong horse" });
  await page.getByRole("button", { name: "Log in" }).click();
  await sees(page.getByRole("alert").getByText(/password/i));
  expect(await field(page, "Username").inputValue()).toBe("jonas");
  await fillIn(page, { Password: "correct horse" });
  await field(page, "Password").press("Enter");
  await sees(title(page).filter({ hasText: "general" }));
});

test("an unknown name is answered like a wrong password", async () => {
  home.visits.allow(refused);
  const page = await home.visit(null, { path: "/login" });
  const answers: string[] = [];
  for (const name of ["jonas", "nobody"]) {
    await fillIn(page, { Username: name, Password: "wrong horse" });
    await page.getByRole("button", { name: "Log in" }).click();
    await sees(page.getByRole("alert"));
    answers.push(await page.getByRole("alert").innerText());
    await page.reload();
  }
  expect(answers[1]).toBe(answers[0]);
});

test("one comes back to where one wanted to go", async () => {
  const plans = await home.channel("plans");
  const page = await home.visit(null, { path: home.pathOf(plans) });
  await sees(page.getByText("Good to see you again."));
  await fillIn(page, { Username: "jonas", Password: "correct horse" });
  await field(page, "Password").press("Enter");
  await sees(title(page).filter({ hasText: "plans" }));
  expect(new URL(page.url()).pathname).toBe(home.pathOf(plans));
});

test("a link cannot lead out of the app through the log-in", async () => {
  const page = await home.visit(jonas, { path: "/login?next=//example.org/" });
  await sees(title(page).filter({ hasText: "general" }));
  expect(new URL(page.url()).origin).toBe(home.base);
});

test("a name that is taken is said at its field", async () => {
  home.visits.allow(refused);
  const page = await home.visit(null, { path: `/invite/${home.invite}` });
  await fillIn(page, { Username: "jonas", Password: "correct horse" });
  await page.getByRole("button", { name: "Create account and join" }).click();
  await until(() => field(page, "Username").getAttribute("aria-invalid")).toBe("true");
  await sees(page.getByText(/taken/i));
  await fillIn(page, { Username: "jonas.two" });
  await page.getByRole("button", { name: "Create account and join" }).click();
  await sees(title(page).filter({ hasText: "general" }));
});

test("a name with letters that cannot be is refused while it is typed", async () => {
  const page = await home.visit(null, { path: `/invite/${home.invite}` });
  await fillIn(page, { Username: "jönas", Password: "correct horse" });
  await sees(page.getByText("Only letters a to z, digits, and . _ -"));
  expect(await page.getByRole("button", { name: "Create account and join" }).isDisabled()).toBe(true);
});

test("each way of registering has its own words", async () => {
  const { updateSettings } = home.owner.api.admin;
  const words = async (text: string, action: string | null): Promise<Page> => {
    const page = await home.visit(null, { path: "/register" });
    await sees(page.getByText(text));
    if (action === null) await gone(field(page, "Username"));
    else await sees(page.getByRole("button", { name: action }));
    return page;
  };
  await updateSettings({ registration: "open" });
  await words("Anyone may come in.", "Create account");
  await updateSettings({ registration: "invite" });
  await words("The server is invite only. Ask a friend for a link.", "Create account");
  await updateSettings({ registration: "approval" });
  await words("An administrator lets you in.", "Knock");
  await updateSettings({ registration: "closed" });
  await words("The server takes no new accounts.", null);
  await updateSettings({ registration: "open" });
});

test("where an invite is needed a wrong one is said at its field, and a link will do", async () => {
  home.visits.allow(refused);
  await home.owner.api.admin.updateSettings({ registration: "invite" });
  const page = await home.visit(null, { path: "/register" });
  await fillIn(page, { Username: "ilse", Password: "correct horse", "Invite link or code": "nonsense" });
  await page.getByRole("button", { name: "Create account" }).click();
  await until(() => field(page, "Invite link or code").getAttribute("aria-invalid")).toBe("true");
  await fillIn(page, { "Invite link or code": `${home.base}/invite/${home.invite}` });
  await page.getByRole("button", { name: "Create account" }).click();
  await sees(title(page).filter({ hasText: "general" }));
  await home.owner.api.admin.updateSettings({ registration: "open" });
});

test("a server's password is asked for, and a wrong one is said at its field", async () => {
  home.visits.allow(refused);
  await home.owner.api.admin.updateSettings({ registration: "open", server_password: "open sesame" });
  const page = await home.visit(null, { path: "/register" });
  await fillIn(page, { Username: "peer", Password: "correct horse", "Server password": "open barley" });
  await page.getByRole("button", { name: "Create account" }).click();
  await until(() => field(page, "Server password").getAttribute("aria-invalid")).toBe("true");
  await fillIn(page, { "Server password": "open sesame" });
  await page.getByRole("button", { name: "Create account" }).click();
  await sees(page.getByRole("heading", { name: "Hello, peer." }));
  await home.owner.api.admin.updateSettings({ server_password: "" });
});

test("an invite that does not exist says so", async () => {
  home.visits.allow(refused);
  const page = await home.visit(null, { path: "/invite/nonsense" });
  await sees(page.getByRole("heading", { name: "This invitation does not work" }));
  await page.getByRole("link", { name: "To the start page" }).click();
  await sees(page.getByText("Good to see you again."));
});

test("somebody who is in already opens the space from its invite, somebody new to it joins", async () => {
  const games = await jonas.api.spaces.create({ name: "Board games", public: false });
  const { code } = await jonas.api.invites.create(games.id, {});
  const page = await home.visit(home.owner, { path: `/invite/${code}` });
  await page.getByRole("button", { name: "Join Board games" }).click();
  await sees(page.getByRole("button", { name: /^Board games/ }));
  await page.goto(`/invite/${code}`);
  await page.getByRole("button", { name: "Open Board games" }).click();
  await sees(page.getByRole("button", { name: /^Board games/ }));
});

test("somebody who is turned away is told, and may knock again", async () => {
  await home.owner.api.admin.updateSettings({ registration: "approval" });
  const page = await home.visit(null, { path: "/register" });
  await fillIn(page, { Username: "stranger", Password: "correct horse" });
  await page.getByRole("button", { name: "Knock" }).click();
  await sees(page.getByRole("heading", { name: "Knock knock" }));
  const [knock] = (await home.owner.api.admin.users({ state: "waiting" })).users;
  await home.owner.api.admin.answerKnock(knock!.user.id, { approve: false });
  await sees(page.getByRole("heading", { name: "Not this time." }));
  await page.getByRole("button", { name: "Knock again" }).click();
  await sees(page.getByRole("button", { name: "Knock" }));
  await home.owner.api.admin.updateSettings({ registration: "open" });
});

test("a log-in that ended while one was away leads back to the log-in, and says why", async () => {
  home.visits.allow(refused);
  const ilse = await home.friend("ilse2");
  const page = await home.enter(ilse);
  await page.goto("about:blank");
  for (const session of await ilse.api.me.sessions()) if (!session.current) await ilse.api.me.endSession(session.id);
  await page.goto(home.pathOf(home.general));
  await sees(page.getByText("Good to see you again."));
  await sees(page.getByRole("status").getByText("This log-in has ended."));
});
