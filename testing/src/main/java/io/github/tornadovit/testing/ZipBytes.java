package io.github.tornadovit.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Builds zip files, stored, and finds their fields again so that tests can overwrite them. */
public final class ZipBytes {
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private int method = ZipEntry.STORED;

  /** A torch file of one pickle and one storage of float32 zeros. */
  public static byte[] torch(byte[] pickle, int elements) {
    return new ZipBytes()
        .add("archive/data.pkl", pickle)
        .add("archive/data/0", new byte[elements * Float.BYTES])
        .build();
  }

  /** Appends an entry. */
  public ZipBytes add(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  /** Appends a text entry. */
  public ZipBytes add(String name, String content) {
    return add(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Compresses the entries. */
  public ZipBytes deflated() {
    method = ZipEntry.DEFLATED;
    return this;
  }

  /** The file. */
  public byte[] build() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> item : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(item.getKey());
        entry.setMethod(method);
        CRC32 crc = new CRC32();
        crc.update(item.getValue());
        entry.setCrc(crc.getValue());
        entry.setSize(item.getValue().length);
        if (method == ZipEntry.STORED) {
          entry.setCompressedSize(item.getValue().length);
        }
        zip.putNextEntry(entry);
        zip.write(item.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Byte of the n-th central directory entry, counted from 0. */
  public static int central(byte[] zip, int n) {
    return find(zip, "PK\1\2", n);
  }

  /** Byte of the n-th local header, counted from 0. */
  public static int local(byte[] zip, int n) {
    return find(zip, "PK\3\4", n);
  }

  /** Byte of the end record. */
  public static int end(byte[] zip) {
    return find(zip, "PK\5\6", 0);
  }

  /** Byte of the n-th occurrence of a text, counted from 0. */
  public static int find(byte[] bytes, String text, int n) {
    String all = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = all.indexOf(text);
    for (int i = 0; i < n; i++) {
      at = all.indexOf(text, at + 1);
    }
    if (at < 0) {
      throw new IllegalArgumentException("no " + n + "th '" + text + "'");
    }
    return at;
  }

  /** A copy with some bytes overwritten. */
  public static byte[] patched(byte[] bytes, int at, int... values) {
    byte[] copy = bytes.clone();
    for (int i = 0; i < values.length; i++) {
      copy[at + i] = (byte) values[i];
    }
    return copy;
  }
}
