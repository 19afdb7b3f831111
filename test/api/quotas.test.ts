import { type ApiApp, apiApp } from "../support/api.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ quotas: { storiesPerDay: 1, rendersUnderWay: 1 } });
});
afterAll(() => app.close());

const CREATE = `mutation ($title: String!) {
  createStory(input: { title: $title, content: "The river was high." }) {
    story { title } userErrors { code message path } } }`;

test("a used-up quota is a user error with a code of its own", async () => {
  await app.as("ada").query(CREATE, { title: "One" });

  const { data: reply } = await app.as("ada").query(CREATE, { title: "Two" });

  expect(reply).toEqual({
    createStory: {
      story: null,
      userErrors: [
        {
          code: "QUOTA_EXCEEDED",
          message: expect.stringMatching(
            /^You may use 1 new stories a day\. You used 1 today, and this needs 1\. The next day begins at \d{4}-\d\d-\d\dT00:00:00\.000Z\.$/,
          ),
          path: [],
        },
      ],
    },
  });
});
