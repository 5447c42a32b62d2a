import { expect, test } from 'vitest';
import { parseMarkdown } from './markdown';

test('headings, paragraphs, lists and code become blocks', () => {
  const blocks = parseMarkdown('# Title\nOne line\nand its second.\n\n- a\n- b\n1. first\n```\nlet x = 1;\n```\nend');
  expect(blocks.map((block) => block.is)).toEqual(['heading', 'paragraph', 'list', 'list', 'code', 'paragraph']);
  expect(blocks[1]).toEqual({ is: 'paragraph', text: [{ style: 'plain', text: 'One line and its second.' }] });
  expect(blocks[2]).toMatchObject({ ordered: false, items: { length: 2 } });
  expect(blocks[4]).toEqual({ is: 'code', text: 'let x = 1;' });
});

test('markup from outside stays text', () => {
  const [block] = parseMarkdown('<script>alert(1)</script> **bold**');
  expect(block).toEqual({
    is: 'paragraph',
    text: [
      { style: 'plain', text: '<script>alert(1)</script> ' },
      { style: 'strong', text: 'bold' },
    ],
  });
});

test('an open fence ends with the text', () => {
  expect(parseMarkdown('```\nnever closed')).toEqual([{ is: 'code', text: 'never closed' }]);
});
