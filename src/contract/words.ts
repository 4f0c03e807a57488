/** One sentence in the languages of the product. */
export interface Words {
  readonly vi: string;
  readonly en: string;
}
