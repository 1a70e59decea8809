import { expect, test } from './fixtures.ts';
import { blobIdOf, dropFiles, textFile, typeInto, useFileInputs } from './page-files.ts';

const file = textFile('letter.txt', 'A letter to compare.');
const id = await blobIdOf(file.buffer);
const other = await blobIdOf('Another letter.');

test.beforeEach(async ({ page }) => {
  await useFileInputs(page);
  await page.goto('./open/compare');
  await expect(page.getByRole('textbox')).toBeVisible();
});

test('a file and its ID match; what is no ID is explained where it stands', async ({ page }) => {
  const field = page.getByRole('textbox', { name: 'Blob ID' });
  await typeInto(field, 'abc');
  await expect(page.getByText('it has 3 characters instead of 43')).toBeVisible();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await typeInto(field, `${id.slice(0, 42)}!`);
  await expect(page.getByText('it holds a character that no blob ID has')).toBeVisible();
  await typeInto(field, `${id.slice(0, 42)}B`);
  await expect(page.getByText('its last character cannot stand there')).toBeVisible();
  await typeInto(field, '');
  await expect(field).not.toHaveAttribute('aria-invalid', 'true');
  await typeInto(field, ` ${id} `);
  await expect(page.getByText('Now choose the file to compare.')).toBeVisible();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a file' }).click();
  await (await chooser).setFiles([file]);
  await expect(page.locator('[data-verdict=match]')).toContainText('Yes, this file is that blob');
  await expect(page.locator('[data-actual-id]')).toHaveText(id);
  await expect(page.locator('[data-live=polite]')).toContainText('The file is that blob.');
});

test('another blob does not match, and both IDs are shown; of several files one is compared', async ({
  page,
}) => {
  await dropFiles(page, [file, textFile('other.txt', 'Another letter.')]);
  await expect(page.getByText('Now paste the ID it should have.')).toBeVisible();
  await expect(page.locator('[data-actual-id]')).toHaveText(id);
  await expect(page.getByRole('main')).toContainText('Only this one is compared.');
  await dropFiles(page, [file]);
  await expect(page.getByRole('main')).not.toContainText('Only this one');
  await typeInto(page.getByRole('textbox', { name: 'Blob ID' }), other);
  const verdict = page.locator('[data-verdict=mismatch]');
  await expect(verdict).toContainText('No, this file is not that blob');
  await expect(verdict).toContainText(other);
  await expect(verdict).toContainText('One changed byte is enough');
  // An ID is found inside a link.
  const link = `https://aggregator.example/v1/blobs/${id}`;
  await typeInto(page.getByRole('textbox', { name: 'Blob ID' }), link);
  await expect(page.locator('[data-verdict=match]')).toBeVisible();
  await expect(page.getByText('Found in the text you pasted:')).toBeVisible();
});
