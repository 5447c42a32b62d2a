/**
 * The little Markdown that artifacts use, as blocks of plain text. The text comes from other machines,
 * so it is never made into HTML: a component writes each block as text.
 */
export type Block =
  | { is: 'heading'; level: number; text: Inline[] }
  | { is: 'paragraph'; text: Inline[] }
  | { is: 'list'; ordered: boolean; items: Inline[][] }
  | { is: 'code'; text: string };

export interface Inline {
  style: 'plain' | 'strong' | 'code';
  text: string;
}

const HEADING = /^(#{1,6})\s+(.*)$/;
const ITEM = /^\s*(?:([-*+])|\d+[.)])\s+(.*)$/;

export function parseMarkdown(source: string): Block[] {
  const blocks: Block[] = [];
  const lines = source.split(/\r?\n/);
  let paragraph: string[] = [];
  const endParagraph = () => {
    if (paragraph.length > 0) blocks.push({ is: 'paragraph', text: parseInline(paragraph.join(' ')) });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    const heading = HEADING.exec(line);
    const item = ITEM.exec(line);
    if (line.startsWith('```')) {
      endParagraph();
      const end = lines.findIndex((other, index) => index > at && other.startsWith('```'));
      const last = end === -1 ? lines.length : end;
      blocks.push({ is: 'code', text: lines.slice(at + 1, last).join('\n') });
      at = last;
    } else if (heading) {
      endParagraph();
      blocks.push({ is: 'heading', level: heading[1]!.length, text: parseInline(heading[2]!) });
    } else if (item) {
      endParagraph();
      addItem(blocks, item[1] === undefined, parseInline(item[2]!));
    } else if (line.trim() === '') {
      endParagraph();
    } else {
      paragraph.push(line.trim());
    }
  }
  endParagraph();
  return blocks;
}

function addItem(blocks: Block[], ordered: boolean, item: Inline[]): void {
  const last = blocks.at(-1);
  if (last?.is === 'list' && last.ordered === ordered) last.items.push(item);
  else blocks.push({ is: 'list', ordered, items: [item] });
}

/** `**strong**` and `` `code` ``; everything else is as it stands. */
export function parseInline(text: string): Inline[] {
  return text
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part): Inline => {
      if (part.length > 4 && part.startsWith('**')) return { style: 'strong', text: part.slice(2, -2) };
      if (part.length > 2 && part.startsWith('`')) return { style: 'code', text: part.slice(1, -1) };
      return { style: 'plain', text: part };
    });
}
