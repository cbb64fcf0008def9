import type { DescribeOptions, PriceBook, PriceDescription } from '@turnmeter/pricing';

/** The price book that is in force: another may take its place while everybody who holds this one goes on. */
export class PriceBookInForce implements PriceBook {
  #book: PriceBook;

  constructor(book: PriceBook) {
    this.#book = book;
  }

  replace(book: PriceBook): void {
    this.#book = book;
  }

  get version(): string {
    return this.#book.version;
  }

  get snapshot(): PriceBook['snapshot'] {
    return this.#book.snapshot;
  }

  price(request: Parameters<PriceBook['price']>[0]): ReturnType<PriceBook['price']> {
    return this.#book.price(request);
  }

  describe(model: string, options: DescribeOptions): PriceDescription {
    return this.#book.describe(model, options);
  }
}
