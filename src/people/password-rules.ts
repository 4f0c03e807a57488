import { GatewayError } from '../domain/errors.ts';
import { searchText } from '../util/search-text.ts';

/**
 * What people who have to give twelve characters give most, and what this product suggests; with
 * figures and signs taken away, so that `password2026!!` is among them.
 */
const COMMON = new Set(
  `password passwordpassword passw0rd mypassword yourpassword newpassword changeme pleasechangeme
   letmein letmeinplease welcome welcomewelcome qwerty qwertyuiop qwertyqwerty qwertyuiopasdfghjkl
   asdfghjkl zxcvbnm asdfasdfasdf iloveyou iloveyouforever administrator admin adminadmin superuser
   matkhau matkhaumatkhau matkhaumoi doimatkhau anhyeuem emyeuanh yeuemnhieu hoilamgi khongbiet
   vietnam vietnamvietnam hanoi hochiminh saigon diemcau diemcaudiemcau hoinghi hoinghitruyenhinh
   truyenhinh phonghop uyban ubnd quantri quantrivien abcdefghijkl abcabcabcabc abc`.split(/\s+/),
);
const FEWEST_DIFFERENT = 5;

/**
 * @param about what others know of the person, like the login
 * @throws GatewayError `bad-request` for what is guessed first; NIST SP 800-63B §3.1.1.2
 */
export function checkPassword(password: string, about: readonly string[]): void {
  const plain = searchText(password).replaceAll(' ', '');
  const letters = plain.replace(/[^a-z]/g, '');
  const known = about
    .map(text => searchText(text).replaceAll(' ', ''))
    .filter(text => text.length > 3);
  const isGuessed =
    new Set(plain).size < FEWEST_DIFFERENT ||
    COMMON.has(letters) ||
    isRun(plain) ||
    known.some(text => letters === text.replace(/[^a-z]/g, '') || plain === text);
  if (!isGuessed) return;
  const message = 'This password is among those that are guessed first.';
  throw new GatewayError(
    'bad-request',
    `${message} Take three or four words that do not belong together.`,
    {
      details: { problems: [{ path: 'password', message }] },
    },
  );
}

/** `123456789012`, `abcdefghijkl`, and the same backwards. */
function isRun(text: string): boolean {
  const steps = [...text].slice(1).map((char, i) => char.charCodeAt(0) - text.charCodeAt(i));
  return [1, -1].some(step => steps.filter(one => one === step).length >= text.length - 2);
}
