package io.github.tornadovit.weights.pytorch;

import static io.github.tornadovit.testing.ZipBytes.central;
import static io.github.tornadovit.testing.ZipBytes.end;
import static io.github.tornadovit.testing.ZipBytes.local;
import static io.github.tornadovit.testing.ZipBytes.patched;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.testing.ZipBytes;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** Each refusal of a zip file has the bytes that provoke it. */
class ZipDirectoryTest {
  private static final byte[] TWO = new ZipBytes().add("a", "first").add("bc", "second!").build();

  private static SequencedMap<String, ZipDirectory.Entry> read(byte[] zip) {
    return ZipDirectory.read(MemorySegment.ofArray(zip), "x.bin");
  }

  private static void refused(byte[] zip, String... facts) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> read(zip))
        .withMessageStartingWith("x.bin: zip")
        .satisfies(e -> assertThat(e.getMessage()).contains(facts));
  }

  @Test
  void findsTheContentOfEntries() {
    SequencedMap<String, ZipDirectory.Entry> entries = read(TWO);
    assertThat(entries.keySet()).containsExactly("a", "bc");
    ZipDirectory.Entry entry = entries.lastEntry().getValue();
    assertThat(new String(TWO, (int) entry.data(), (int) entry.size(), StandardCharsets.UTF_8))
        .isEqualTo("second!");
    assertThat(read(new ZipBytes().build())).isEmpty();
  }

  @Test
  void letsACommentFollow() {
    byte[] zip = patched(TWO, end(TWO) + 20, 3, 0);
    assertThat(read(Arrays.copyOf(zip, zip.length + 3))).hasSize(2);
    refused(Arrays.copyOf(TWO, TWO.length + 3), "directory is missing at the end");
  }

  @Test
  void refusesCompressedEntries() {
    refused(
        new ZipBytes().add("big", "0".repeat(1 << 20)).deflated().build(),
        "zip entry 'big' is compressed (method 8), expected stored");
  }

  @Test
  void refusesEncryptedEntries() {
    for (int flag : new int[] {0x01, 0x40, 0x20}) {
      refused(patched(TWO, central(TWO, 0) + 8, flag), "'a' is encrypted or patched");
    }
    refused(patched(TWO, central(TWO, 0) + 9, 0x20), "'a' is encrypted or patched");
  }

  @Test
  void refusesSeveralDisks() {
    refused(patched(TWO, end(TWO) + 4, 1), "one of several disks");
    refused(patched(TWO, end(TWO) + 6, 1), "one of several disks");
    refused(patched(TWO, end(TWO) + 8, 1), "one of several disks");
    refused(patched(TWO, central(TWO, 0) + 34, 1), "'a' is on another disk");
  }

  @Test
  void refusesOverlappingEntries() {
    byte[] grown = patched(TWO, central(TWO, 0) + 20, 20, 0, 0, 0, 20, 0, 0, 0);
    refused(patched(grown, local(TWO, 0) + 18, 20, 0, 0, 0, 20, 0, 0, 0), "'bc' overlaps another");
  }

  @Test
  void refusesTwoEntriesOfOneName() {
    byte[] zip = new ZipBytes().add("ab", "1").add("cd", "2").build();
    byte[] renamed = patched(zip, central(zip, 1) + 46, 'a', 'b');
    refused(patched(renamed, local(zip, 1) + 30, 'a', 'b'), "'ab' is there twice");
    refused(renamed, "'ab' is another in its local header");
  }

  @Test
  void refusesTwoEntriesInOnePlace() {
    byte[] zip = new ZipBytes().add("ab", "1").add("ab2", "1").build();
    byte[] same = patched(zip, central(zip, 1) + 42, 0, 0, 0, 0);
    refused(same, "'ab2' is another in its local header");
  }

  @Test
  void refusesEntriesThatLeaveTheFile() {
    refused(patched(TWO, central(TWO, 0) + 42, 0, 0, 0, 0x7f), "has no local header");
    refused(patched(TWO, central(TWO, 0) + 42, 1), "has no local header at byte 1");
    byte[] long1 = patched(TWO, central(TWO, 1) + 20, 0, 1, 0, 0, 0, 1, 0, 0);
    refused(long1, "zip entry 'bc' of 256 bytes leaves the file");
    refused(patched(TWO, central(TWO, 1) + 20, 6), "'bc' has sizes 7 and 6");
    byte[] shorter = patched(TWO, central(TWO, 1) + 20, 6, 0, 0, 0, 6, 0, 0, 0);
    refused(shorter, "'bc' is another in its local header");
    refused(patched(TWO, local(TWO, 0) + 26, 0xff, 0xff), "leaves the file");
  }

  @Test
  void refusesADamagedDirectory() {
    refused(patched(TWO, central(TWO, 1), 0), "directory is damaged at byte");
    refused(patched(TWO, central(TWO, 1) + 28, 0xff, 0xff), "leaves the directory");
    refused(patched(TWO, end(TWO) + 8, 3, 0, 3), "does not hold the 3 entries");
    refused(patched(TWO, end(TWO) + 8, 1, 0, 1), "does not hold the 1 entries");
    refused(patched(TWO, end(TWO) + 16, 0, 0, 0, 0), "does not end at byte");
    refused(patched(TWO, end(TWO) + 12, 0xff, 0xff, 0xff, 0x7f), "does not end at byte");
    refused(patched(TWO, central(TWO, 0) + 46, 0xff), "name at byte", "is not UTF-8");
    refused(patched(TWO, central(TWO, 0) + 28, 0, 0, 1, 0), "name of 0 bytes");
    refused(patched(TWO, central(TWO, 0) + 20, 0xff, 0xff, 0xff, 0xff), "lacks a zip64 field");
  }

  /** The end records as torch writes them: a zip64 record and its locator before the plain one. */
  private static byte[] withZip64(byte[] zip, long entries, long size, long start) {
    int end = end(zip);
    ByteBuffer extra = ByteBuffer.allocate(56 + 20).order(ByteOrder.LITTLE_ENDIAN);
    extra.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
    extra.putInt(0).putInt(0).putLong(entries).putLong(entries).putLong(size).putLong(start);
    extra.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(zip, 0, end);
    out.writeBytes(extra.array());
    out.write(zip, end, zip.length - end);
    return out.toByteArray();
  }

  @Test
  void understandsZip64() {
    int start = central(TWO, 0);
    int size = end(TWO) - start;
    byte[] zip = withZip64(TWO, 2, size, start);
    assertThat(read(zip)).hasSize(2);
    int at = end(zip) + 8;
    byte[] saturated = patched(zip, at, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255);
    assertThat(read(saturated)).hasSize(2);
    refused(withZip64(TWO, 3, size, start), "directory entries is 2 and, in zip64, 3");
    byte[] tooMany = withZip64(TWO, 200_000, size, start);
    refused(
        patched(tooMany, end(tooMany) + 8, 255, 255, 255, 255), "200000 entries, expected at most");
    refused(patched(zip, end(zip) - 20 + 8, 1), "zip64 end record is not at byte");
  }

  @Test
  void refusesEveryTruncation() {
    for (int size = 0; size < TWO.length; size++) {
      byte[] cut = Arrays.copyOf(TWO, size);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(CheckpointException.class);
    }
  }

  @Test
  void survivesFlippedBitsAndRandomBytes() {
    byte[] zip = withZip64(TWO, 2, end(TWO) - central(TWO, 0), central(TWO, 0));
    for (int bit = 0; bit < zip.length * 8; bit++) {
      byte[] flipped = zip.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      opensOrRefuses(flipped, "bit " + bit);
    }
    for (int seed = 0; seed < 5000; seed++) {
      Random random = new Random(seed);
      byte[] changed = zip.clone();
      for (int i = 0; i < 3; i++) {
        changed[random.nextInt(changed.length)] = (byte) (random.nextBoolean() ? 255 : 0);
      }
      opensOrRefuses(changed, "seed " + seed);
    }
  }

  private static void opensOrRefuses(byte[] zip, String what) {
    try {
      assertThat(read(zip)).as(what).isNotNull();
    } catch (CheckpointException expected) {
      assertThat(expected).as(what).hasMessageStartingWith("x.bin: ");
    }
  }
}
