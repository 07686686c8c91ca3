package io.github.tornadovit.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The checksum of a file's content, by its etag on the hub. */
enum Checksum {
  /** Of a file in git's large file storage. */
  SHA256("SHA-256", 64),
  /** Of a file in git itself: the hash that git names it by. */
  GIT_BLOB("SHA-1", 40);

  private static final int BUFFER_BYTES = 1 << 20;

  private final String algorithm;
  private final int digits;

  Checksum(String algorithm, int digits) {
    this.algorithm = algorithm;
    this.digits = digits;
  }

  /** The kind by the number of hexadecimal digits; null for an etag that is no checksum. */
  static @Nullable Checksum of(String etag) {
    for (Checksum kind : values()) {
      if (etag.length() == kind.digits && etag.matches("[0-9a-f]+")) {
        return kind;
      }
    }
    return null;
  }

  /** The checksum of a file as it lies on the disk. */
  String compute(Path file) throws IOException {
    MessageDigest digest = digest();
    if (this == GIT_BLOB) {
      digest.update(("blob " + Files.size(file) + '\0').getBytes(StandardCharsets.US_ASCII));
    }
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream input = Files.newInputStream(file)) {
      for (int count = input.read(buffer); count >= 0; count = input.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has " + algorithm, impossible);
    }
  }
}
