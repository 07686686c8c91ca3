package io.github.tornadovit.weights.safetensors;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.weights.json.JsonObject;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;

/**
 * The validated header of a safetensors file: facts about its bytes, and no owner of them. The
 * format is described at the package.
 *
 * @param dataStart byte of the file where the data begins
 * @param entries the tensors in the order of their data
 * @param metadata the content of {@code __metadata__}
 */
public record SafetensorsHeader(long dataStart, List<Entry> entries, Map<String, String> metadata) {

  /** Length of the header length. */
  static final int PREFIX_BYTES = Long.BYTES;

  /** The reference implementation's limit. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  private static final ValueLayout.OfLong LE_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int UTF8_CHUNK_CHARS = 8192;

  /**
   * One tensor.
   *
   * @param begin first byte of the data, relative to the data's start
   * @param end byte after the last
   */
  public record Entry(String name, DType dtype, Shape shape, long begin, long end) {}

  public SafetensorsHeader {
    entries = List.copyOf(entries);
    metadata = Map.copyOf(metadata);
  }

  /**
   * Reads and checks the header of a file.
   *
   * @param file all bytes of the file
   * @param where the file, for messages
   * @throws CheckpointException if anything is not as the format demands
   */
  public static SafetensorsHeader parse(MemorySegment file, String where) {
    byte[] header = headerBytes(file, where);
    SafetensorsJson json;
    try {
      json = SafetensorsJson.parse(header, where);
    } catch (JacksonException e) {
      throw new CheckpointException(where, "header is not valid JSON: " + JsonObject.reason(e), e);
    }
    long dataStart = PREFIX_BYTES + (long) header.length;
    List<Entry> entries = new ArrayList<>(json.entries());
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    checkLayout(entries, file.byteSize() - dataStart, where);
    return new SafetensorsHeader(dataStart, entries, json.metadata());
  }

  private static byte[] headerBytes(MemorySegment file, String where) {
    if (file.byteSize() < PREFIX_BYTES) {
      throw new CheckpointException(
          where,
          "has %d bytes, expected at least the %d of a safetensors header length"
              .formatted(file.byteSize(), PREFIX_BYTES));
    }
    long length = file.get(LE_LONG, 0);
    if (Long.compareUnsigned(length, MAX_HEADER_BYTES) > 0) {
      throw new CheckpointException(
          where,
          "header length %s at byte 0 exceeds the limit of %d bytes"
              .formatted(Long.toUnsignedString(length), MAX_HEADER_BYTES));
    }
    if (length > file.byteSize() - PREFIX_BYTES) {
      throw new CheckpointException(
          where,
          "header length %d at byte 0 leaves the file of %d bytes; it may be cut short"
              .formatted(length, file.byteSize()));
    }
    byte[] header = file.asSlice(PREFIX_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    if (header.length == 0 || header[0] != '{') {
      throw new CheckpointException(
          where, "header does not begin with '{' at byte 8; this is not a safetensors file");
    }
    checkUtf8(header, where);
    return header;
  }

  /** Jackson lets some malformed sequences pass, so they are looked for first, in chunks. */
  private static void checkUtf8(byte[] header, String where) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer input = ByteBuffer.wrap(header);
    CharBuffer output = CharBuffer.allocate(UTF8_CHUNK_CHARS);
    CoderResult result;
    do {
      result = decoder.decode(input, output.clear(), true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw new CheckpointException(
          where,
          "header is not UTF-8 at byte %d".formatted(PREFIX_BYTES + (long) input.position()));
    }
  }

  /** Each tensor must begin where the one before ends, and the last one end with the file. */
  private static void checkLayout(List<Entry> entries, long dataBytes, String where) {
    long expected = 0;
    for (Entry entry : entries) {
      if (entry.begin() != expected) {
        throw new CheckpointException(
            where,
            "tensor '%s' begins at data byte %d, expected %d: %s"
                .formatted(
                    entry.name(),
                    entry.begin(),
                    expected,
                    entry.begin() < expected
                        ? "it overlaps another tensor"
                        : "bytes before it belong to no tensor"));
      }
      expected = entry.end();
    }
    if (expected != dataBytes) {
      throw new CheckpointException(
          where,
          "data has %d bytes, expected %d, where the last tensor ends%s"
              .formatted(
                  dataBytes, expected, dataBytes < expected ? "; the file is cut short" : ""));
    }
  }
}
