package io.github.tornadovit.engine.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The chunks of a PNG file: header, metadata, and a copy that holds nothing but header, palette and
 * image data. The reader gets the copy: no profile, gamma, transparency or text can then change
 * colours or cost memory, and compressed text is inflated here, within a limit.
 *
 * <p>Checksums are verified up to the image data, whose own checksum zlib has.
 */
final class PngChunks {
  /** The most a compressed text may inflate to, as in Pillow; a larger one counts as absent. */
  private static final int MAX_TEXT_BYTES = 1 << 20;

  /** Each costs that much time and memory; a file has one. Those that follow count as absent. */
  private static final int MAX_COMPRESSED_TEXTS = 4;

  private static final int SIGNATURE_BYTES = 8;

  /** Deflate's best: 258 bytes from 2 bits; a pixel takes a bit at least. */
  private static final long MAX_PIXELS_PER_BYTE = 1032 * 8;

  private final Bytes bytes;
  private final ByteArrayOutputStream essential = new ByteArrayOutputStream();
  private int width;
  private int height;
  private long dataBytes;
  private byte[] exif = new byte[0];
  private byte[] xmp = new byte[0];
  private byte[] rawProfile = new byte[0];
  private int compressedTexts;

  private PngChunks(Bytes bytes) {
    this.bytes = bytes;
  }

  static PngChunks parse(Bytes bytes, PixelLimit limit) throws MalformedImageException {
    PngChunks chunks = new PngChunks(bytes);
    chunks.walk(limit);
    return chunks;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** The TIFF structure with the orientation, empty if there is none. */
  byte[] exif() {
    return exif.length > 0 ? exif : rawProfile;
  }

  /** The XMP packet, empty if there is none. */
  byte[] xmp() {
    return xmp;
  }

  /** The file with the chunks IHDR, PLTE, IDAT and IEND only. */
  byte[] essential() {
    return essential.toByteArray();
  }

  private void walk(PixelLimit limit) throws MalformedImageException {
    essential.write(bytes.array(), 0, SIGNATURE_BYTES);
    long at = SIGNATURE_BYTES;
    while (at + 8 <= bytes.length()) {
      long length = bytes.u32BigEndian(at);
      String type = new String(bytes.copy(at + 4, 4), StandardCharsets.ISO_8859_1);
      if ((at == SIGNATURE_BYTES) != type.equals("IHDR")) {
        throw new MalformedImageException(
            "has a PNG chunk " + printable(type) + " at byte " + at + " where IHDR is to be first");
      }
      if (type.equals("IDAT")) {
        imageData(at + 8, length);
      } else if (type.equals("IEND") || (dataBytes > 0 && length > bytes.length() - at - 12)) {
        break;
      } else {
        chunk(type, at, length, limit);
      }
      at += 12 + length;
    }
    limit.checkRatio(width, height, dataBytes, MAX_PIXELS_PER_BYTE);
    write("IEND", new byte[0], 0, 0);
  }

  private void chunk(String type, long at, long length, PixelLimit limit)
      throws MalformedImageException {
    bytes.require(at + 8, length + 4);
    long checksum = checksum(bytes.array(), (int) at + 4, (int) length + 4);
    if (checksum != bytes.u32BigEndian(at + 8 + length)) {
      if (dataBytes > 0) {
        return;
      }
      throw new MalformedImageException(
          "is damaged: the checksum of PNG chunk "
              + printable(type)
              + " at byte "
              + at
              + " is wrong");
    }
    switch (type) {
      case "IHDR" -> {
        width = (int) Math.min(bytes.u32BigEndian(at + 8), Integer.MAX_VALUE);
        height = (int) Math.min(bytes.u32BigEndian(at + 12), Integer.MAX_VALUE);
        limit.check(width, height);
        write(type, bytes.array(), (int) at + 8, (int) length);
      }
      case "PLTE" -> write(type, bytes.array(), (int) at + 8, (int) length);
      case "eXIf" -> exif = bytes.copy(at + 8, length);
      case "tEXt", "zTXt", "iTXt" -> text(type, bytes.copy(at + 8, length));
      default -> {}
    }
  }

  private void imageData(long at, long length) {
    int there = (int) Math.min(length, bytes.length() - at);
    dataBytes += there;
    write("IDAT", bytes.array(), (int) at, there);
  }

  private void write(String type, byte[] data, int offset, int length) {
    byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data, offset, length);
    write32(length);
    essential.write(name, 0, name.length);
    essential.write(data, offset, length);
    write32((int) crc.getValue());
  }

  private void write32(int value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      essential.write(value >> shift);
    }
  }

  private static long checksum(byte[] data, int offset, int length) {
    CRC32 crc = new CRC32();
    crc.update(data, offset, length);
    return crc.getValue();
  }

  /** Keeps the two texts that can hold an orientation. */
  private void text(String type, byte[] chunk) {
    String whole = new String(chunk, StandardCharsets.ISO_8859_1);
    int keyEnd = whole.indexOf('\0');
    String key = keyEnd < 0 ? "" : whole.substring(0, keyEnd);
    boolean isXmp = key.equals("XML:com.adobe.xmp");
    if (!isXmp && !key.equals("Raw profile type exif")) {
      return;
    }
    int start = keyEnd + 1;
    boolean compressed = type.equals("zTXt");
    if (compressed) {
      start++;
    } else if (type.equals("iTXt")) {
      compressed = start < chunk.length && chunk[start] == 1;
      int languageEnd = whole.indexOf('\0', start + 2);
      start = languageEnd < 0 ? chunk.length : whole.indexOf('\0', languageEnd + 1) + 1;
    }
    if (start < 1 || start > chunk.length) {
      return;
    }
    byte[] value = Arrays.copyOfRange(chunk, start, chunk.length);
    if (compressed) {
      if (++compressedTexts > MAX_COMPRESSED_TEXTS) {
        return;
      }
      value = inflate(value);
    }
    if (isXmp) {
      xmp = value;
    } else {
      rawProfile = unhex(new String(value, StandardCharsets.ISO_8859_1));
    }
  }

  private static byte[] inflate(byte[] compressed) {
    byte[] buffer = new byte[MAX_TEXT_BYTES];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(compressed);
      int length = inflater.inflate(buffer);
      return inflater.finished() ? Arrays.copyOf(buffer, length) : new byte[0];
    } catch (DataFormatException damaged) {
      return new byte[0];
    }
  }

  /** ImageMagick's form: an empty line, a name, a length, then lines of hexadecimal digits. */
  private static byte[] unhex(String text) {
    String[] lines = text.split("\n", 4);
    if (lines.length < 4) {
      return new byte[0];
    }
    try {
      return HexFormat.of().parseHex(lines[3].replaceAll("\\s", ""));
    } catch (IllegalArgumentException damaged) {
      return new byte[0];
    }
  }

  private static String printable(String type) {
    return type.chars().allMatch(c -> c > ' ' && c < 0x7F)
        ? type
        : HexFormat.of().formatHex(type.getBytes(StandardCharsets.ISO_8859_1));
  }
}
