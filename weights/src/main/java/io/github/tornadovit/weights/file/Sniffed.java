package io.github.tornadovit.weights.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Guesses the type of a file by its first bytes, for messages only. */
public enum Sniffed {
  EMPTY,
  GIT_LFS_POINTER,
  SAFETENSORS,
  /** As torch wrote before 1.6, or a bare pickle. */
  TORCH,
  /** As torch writes since, or any other archive. */
  ZIP,
  OTHER,
  UNREADABLE;

  private static final int HEAD = 64;
  private static final String LFS = "version https://git-lfs";

  /** Looks at the first bytes of a file. */
  public static Sniffed of(Path file) {
    byte[] head;
    long size;
    try (InputStream input = Files.newInputStream(file)) {
      head = input.readNBytes(HEAD);
      size = Files.size(file);
    } catch (IOException failure) {
      return UNREADABLE;
    }
    if (head.length == 0) {
      return EMPTY;
    }
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (text.startsWith(LFS)) {
      return GIT_LFS_POINTER;
    }
    if (text.startsWith("PK")) {
      return ZIP;
    }
    if (text.startsWith("\u0080\u0002")) {
      return TORCH;
    }
    return isSafetensors(head, size) ? SAFETENSORS : OTHER;
  }

  /** The length of a header, which begins with a brace and fits into the file. */
  private static boolean isSafetensors(byte[] head, long size) {
    if (head.length <= Long.BYTES || head[Long.BYTES] != '{') {
      return false;
    }
    long header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return header > 0 && header <= size - Long.BYTES;
  }
}
