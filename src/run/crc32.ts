/** Polynomials, bits reversed: that of IEEE 802.3, and Castagnoli's. */
const tables = { ieee: tableOf(0xedb88320), castagnoli: tableOf(0x82f63b78) };

function tableOf(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      remainder = remainder & 1 ? (remainder >>> 1) ^ polynomial : remainder >>> 1;
    }
    return remainder;
  });
}

function checksum(table: Uint32Array, bytes: Uint8Array, before: number): number {
  let crc = ~before;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}

/** CRC-32 as of zlib and PNG, as an unsigned 32-bit number. @param before that of the bytes before these */
export const crc32 = (bytes: Uint8Array, before = 0): number =>
  checksum(tables.ieee, bytes, before);

/** CRC-32C (RFC 3720, appendix B.4) as an unsigned 32-bit number. */
export const crc32c = (bytes: Uint8Array): number => checksum(tables.castagnoli, bytes, 0);

/** The checksum of TFRecord files: rotated and shifted, so that a checksum of checksums stays sound. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
