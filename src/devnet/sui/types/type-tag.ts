import { type Address, address, type Primitive, type TypeTag } from '../move/native.ts';
import { invalid } from '../status.ts';

const PRIMITIVES: readonly string[] = [
  ...['bool', 'u8', 'u16', 'u32', 'u64', 'u128', 'u256', 'address'],
];
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const MAX_DEPTH = 16;

/** The one spelling of a type: full addresses, no spaces. Equal types have equal text. */
export function formatType(tag: TypeTag): string {
  if (typeof tag === 'string') return tag;
  if ('vector' in tag) return `vector<${formatType(tag.vector)}>`;
  const inside = tag.typeArguments.map(formatType).join(',');
  return `${tag.address}::${tag.module}::${tag.name}${inside ? `<${inside}>` : ''}`;
}

/**
 * Reads a type in any spelling (short addresses, spaces).
 *
 * @throws RpcStatus INVALID_ARGUMENT
 */
export function parseType(text: string): TypeTag {
  const cached = memo.get(text);
  if (cached !== undefined) return cached;
  const reader = new Reader(text);
  const tag = reader.type(0);
  reader.end();
  if (memo.size > 4096) memo.clear();
  memo.set(text, tag);
  return tag;
}

const memo = new Map<string, TypeTag>();

export const normalizeType = (text: string): string => formatType(parseType(text));

/** The full form of an address or object id from outside, `0x` optional. */
export function parseAddress(text: string | undefined, what = 'address'): Address {
  if (text === undefined || !/^(0x)?[0-9a-fA-F]{1,64}$/.test(text)) {
    throw invalid(`${what} ${JSON.stringify(text?.slice(0, 80) ?? '')} is not an address`);
  }
  return address(text);
}

class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    if (text.length > 4096) throw invalid('a type is longer than 4096 characters');
    this.text = text.replaceAll(/\s+/g, '');
  }

  type(depth: number): TypeTag {
    if (depth > MAX_DEPTH) throw invalid(`a type is nested deeper than ${MAX_DEPTH}`);
    const word = this.word();
    if (word === 'vector') {
      this.expect('<');
      const element = this.type(depth + 1);
      this.expect('>');
      return { vector: element };
    }
    if (PRIMITIVES.includes(word)) return word as Primitive;
    this.expect('::');
    const module = this.identifier();
    this.expect('::');
    const name = this.identifier();
    return { address: this.address(word), module, name, typeArguments: this.arguments(depth + 1) };
  }

  end(): void {
    if (this.at !== this.text.length) throw this.refuse();
  }

  private arguments(depth: number): TypeTag[] {
    if (this.text[this.at] !== '<') return [];
    const list: TypeTag[] = [];
    do {
      this.at += 1;
      list.push(this.type(depth));
    } while (this.text[this.at] === ',');
    this.expect('>');
    return list;
  }

  private word(): string {
    const match = /^[A-Za-z0-9_]+/.exec(this.text.slice(this.at, this.at + 130));
    if (!match) throw this.refuse();
    this.at += match[0].length;
    return match[0];
  }

  private identifier(): string {
    const word = this.word();
    if (!IDENTIFIER.test(word)) throw this.refuse();
    return word;
  }

  private address(word: string): Address {
    if (!/^(0x)?[0-9a-fA-F]{1,64}$/.test(word)) throw this.refuse();
    return address(word);
  }

  private expect(mark: string): void {
    if (!this.text.startsWith(mark, this.at)) throw this.refuse();
    this.at += mark.length;
  }

  private refuse() {
    return invalid(`${JSON.stringify(this.text.slice(0, 200))} is not a type`);
  }
}
