/**
 * Packets of 20 ms that the AudioBridge holds of each participant before it mixes: what jitter a
 * line may have at first. Janus 1.1.2 lets a queue grow to twice as many where packets come late in
 * a bunch, and trims it only then, so that each packet here is up to 40 ms of sound after picture.
 * Halls are on cables and have to keep lip sync: at most 80 ms (pain 16). Laptops may be on Wi-Fi.
 */
export const PREBUFFERED_PACKETS = { hall: 3, browser: 4 } as const;
