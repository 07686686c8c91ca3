package io.github.tornadovit.weights.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.testing.SafetensorsBytes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each refusal of the format has the bytes that provoke it. */
class SafetensorsHeaderTest {
  private static final String TWO =
      "{\"__metadata__\":{\"format\":\"pt\"},"
          + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[6,14]},"
          + "\"a\":{\"dtype\":\"F16\",\"shape\":[3,1],\"data_offsets\":[0,6]}}";

  private static SafetensorsHeader parse(byte[] file) {
    return SafetensorsHeader.parse(MemorySegment.ofArray(file), "x.safetensors");
  }

  private static void refused(byte[] file, String... facts) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> parse(file))
        .withMessageStartingWith("x.safetensors: ")
        .satisfies(e -> assertThat(e.getMessage()).contains(facts));
  }

  private static void refused(String header, int dataBytes, String... facts) {
    refused(SafetensorsBytes.literal(header, dataBytes), facts);
  }

  private static String one(String dtype, String shape, String offsets) {
    return "{\"t\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
        .formatted(dtype, shape, offsets);
  }

  @Test
  void readsTensorsInTheOrderOfTheirData() {
    SafetensorsHeader header = parse(SafetensorsBytes.literal(TWO, 14));
    assertThat(header.dataStart()).isEqualTo(8 + TWO.length());
    assertThat(header.metadata()).containsExactly(Map.entry("format", "pt"));
    assertThat(header.entries())
        .containsExactly(
            new SafetensorsHeader.Entry("a", DType.F16, Shape.of(3, 1), 0, 6),
            new SafetensorsHeader.Entry("b", DType.F32, Shape.of(2), 6, 14));
  }

  @ParameterizedTest
  @EnumSource
  void knowsEveryType(DType dtype) {
    byte[] file = new SafetensorsBytes().zeros("t", dtype, 3).build();
    assertThat(parse(file).entries().getFirst().dtype()).isEqualTo(dtype);
  }

  @Test
  void acceptsWhatTheReferenceAccepts() {
    assertThat(parse(SafetensorsBytes.literal("{}", 0)).entries()).isEmpty();
    assertThat(parse(SafetensorsBytes.literal("{}  \n ", 0)).entries()).isEmpty();
    assertThat(parse(SafetensorsBytes.literal("{\"__metadata__\":null}", 0)).metadata()).isEmpty();
    assertThat(parse(SafetensorsBytes.literal(one("F32", "[]", "[0,4]"), 4)).entries()).hasSize(1);
    assertThat(parse(SafetensorsBytes.literal(one("F32", "[0,5]", "[0,0]"), 0)).entries())
        .hasSize(1);
    String extra =
        "{\"t\":{\"dtype\":\"U8\",\"more\":{\"x\":[1]},\"shape\":[1],\"data_offsets\":[0,1]}}";
    assertThat(parse(SafetensorsBytes.literal(extra, 1)).entries()).hasSize(1);
    byte[] emptyBetween =
        new SafetensorsBytes()
            .zeros("a", DType.F32, 2)
            .zeros("e", DType.F32, 0)
            .zeros("b", DType.U8, 3)
            .build();
    assertThat(parse(emptyBetween).entries()).hasSize(3);
  }

  @Test
  void refusesFilesTooShortForALength() {
    for (int size = 0; size < 8; size++) {
      refused(new byte[size], "has " + size + " bytes, expected at least the 8");
    }
  }

  @Test
  void refusesHugeHeadersBeforeReadingThem() {
    byte[] file = new byte[16];
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(100_000_001);
    refused(file, "header length 100000001 at byte 0 exceeds the limit of 100000000 bytes");
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(-1);
    refused(file, "header length 18446744073709551615 at byte 0 exceeds the limit");
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(100_000_000);
    refused(file, "header length 100000000 at byte 0 leaves the file of 16 bytes");
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(9);
    refused(file, "header length 9 at byte 0 leaves the file of 16 bytes");
  }

  @Test
  void refusesHeadersThatDoNotBeginWithABrace() {
    refused("", 0, "does not begin with '{' at byte 8");
    refused(" {}", 0, "does not begin with '{'");
    refused("[]", 0, "does not begin with '{'");
    refused("\uFEFF{}", 0, "does not begin with '{'");
  }

  @Test
  void refusesMalformedUtf8() {
    for (int[] sequence :
        new int[][] {{0xff}, {0xc0, 0xaf}, {0xed, 0xa0, 0x80}, {0xf5, 0x80, 0x80, 0x80}, {0xe2}}) {
      byte[] header = "{\"__metadata__\":{\"k\":\"xxxx\"}}".getBytes(StandardCharsets.UTF_8);
      int at = header.length - 7;
      for (int i = 0; i < sequence.length; i++) {
        header[at + i] = (byte) sequence[i];
      }
      refused(
          SafetensorsBytes.file(header, new byte[0]), "header is not UTF-8 at byte " + (8 + at));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{",
        "{\"t\"",
        "{\"t\":}",
        "{} x",
        "{}{}",
        "{'t':1}",
        "{\"t\":NaN}",
        "{\"t\":{\"dtype\":\"F32\",\"shape\":[01],\"data_offsets\":[0,4]}}"
      })
  void refusesWhatIsNotJson(String header) {
    refused(header, 0, "header");
  }

  @Test
  void refusesDuplicateKeys() {
    String tensor = "\"t\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}";
    refused("{" + tensor + "," + tensor + "}", 0, "has the key 't' twice");
    refused("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "has the key '__metadata__' twice");
    refused("{\"__metadata__\":{\"k\":\"1\",\"k\":\"1\"}}", 0, "'__metadata__.k' twice");
    refused(
        "{\"t\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}",
        0,
        "tensor 't' has the field 'dtype' twice");
  }

  @Test
  void refusesMetadataThatAreNotStrings() {
    refused("{\"__metadata__\":{\"k\":1}}", 0, "'__metadata__.k' is not a string");
    refused("{\"__metadata__\":{\"k\":null}}", 0, "'__metadata__.k' is not a string");
    refused("{\"__metadata__\":[]}", 0, "'__metadata__' is not an object of strings");
  }

  @Test
  void refusesUnknownTypes() {
    refused(one("f32", "[1]", "[0,4]"), 4, "tensor 't' has dtype 'f32', expected one of", "BF16");
    refused(one("F4", "[2]", "[0,1]"), 1, "has dtype 'F4'");
    refused("{\"t\":{\"dtype\":1,\"shape\":[],\"data_offsets\":[0,4]}}", 4, "dtype that is not");
  }

  @Test
  void refusesMissingFields() {
    refused("{\"t\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "'t' has no field 'dtype'");
    refused("{\"t\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "has no field 'shape'");
    refused("{\"t\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "has no field 'data_offsets'");
    refused("{\"t\":7}", 0, "tensor 't' is described by no JSON object");
  }

  @Test
  void refusesNumbersThatAreNotNatural() {
    refused(one("F32", "[-1]", "[0,4]"), 4, "has '-1' in its shape, expected an integer from 0");
    refused(one("F32", "[-0]", "[0,4]"), 4, "has '-0' in its shape");
    refused(one("F32", "[1.0]", "[0,4]"), 4, "has '1.0' in its shape");
    refused(one("F32", "[1e0]", "[0,4]"), 4, "has '1e0' in its shape");
    refused(one("F32", "[\"1\"]", "[0,4]"), 4, "has '1' in its shape");
    refused(one("F32", "[NaN]", "[0,4]"), 4, "header is not valid JSON");
    refused(one("F32", "[null]", "[0,4]"), 4, "has 'null' in its shape");
    refused(one("F32", "[[1]]", "[0,4]"), 4, "in its shape");
    refused(one("F32", "1", "[0,4]"), 4, "has a shape that is not a list");
    refused(one("F32", "[1]", "[0,18446744073709551616]"), 4, "in its data_offsets");
    refused(one("F32", "[1]", "[0," + "9".repeat(100) + "]"), 4, "header is not valid JSON");
  }

  @Test
  void refusesOffsetsThatAreNotAPair() {
    refused(one("F32", "[1]", "[0]"), 4, "has 1 data_offsets, expected [begin, end]");
    refused(one("F32", "[1]", "[0,4,4]"), 4, "data_offsets of more than 2 numbers");
    refused(one("F32", "[1]", "[4,0]"), 4, "ends at data byte 0 before it begins at 4");
  }

  @Test
  void refusesSizesThatDisagreeOrOverflow() {
    refused(
        one("F32", "[2,3]", "[0,20]"),
        20,
        "tensor 't' has 20 bytes of data, expected 24 because its shape is [2, 3] of F32");
    String big = Long.toString(1L << 40);
    refused(one("F32", "[" + big + "," + big + "]", "[0,0]"), 0, "whose size overflows");
    refused(one("F64", "[" + (1L << 61) + "]", "[0,0]"), 0, "whose size overflows");
  }

  @Test
  void refusesGapsOverlapsAndStrayBytes() {
    String entry = "\"%s\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]}";
    String gap = "{" + entry.formatted("a", 2, 0, 2) + "," + entry.formatted("b", 2, 3, 5) + "}";
    refused(gap, 5, "tensor 'b' begins at data byte 3, expected 2", "belong to no tensor");
    String lap = "{" + entry.formatted("a", 2, 0, 2) + "," + entry.formatted("b", 2, 1, 3) + "}";
    refused(lap, 3, "tensor 'b' begins at data byte 1, expected 2", "overlaps");
    String same = "{" + entry.formatted("a", 2, 0, 2) + "," + entry.formatted("b", 2, 0, 2) + "}";
    refused(same, 2, "overlaps");
    refused("{" + entry.formatted("a", 2, 1, 3) + "}", 3, "begins at data byte 1, expected 0");
    refused("{" + entry.formatted("a", 2, 0, 2) + "}", 3, "data has 3 bytes, expected 2");
    refused("{" + entry.formatted("a", 2, 0, 2) + "}", 1, "data has 1 bytes", "cut short");
    refused("{}", 1, "data has 1 bytes, expected 0");
  }

  @Test
  void refusesMoreThanItsLimits() {
    String ones = IntStream.range(0, 17).mapToObj(i -> "1").collect(Collectors.joining(","));
    refused(one("U8", "[" + ones + "]", "[0,1]"), 1, "shape of more than 16 numbers");
    String name = "n".repeat(1025);
    refused("{\"" + name + "\":{}}", 0, "with 1025 characters, expected at most 1024");
    String many =
        IntStream.rangeClosed(0, SafetensorsJson.MAX_TENSORS)
            .mapToObj(
                i -> "\"t%d\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}".formatted(i))
            .collect(Collectors.joining(",", "{", "}"));
    refused(many, 0, "more than 100000 tensors");
    String deep = "[".repeat(40) + "]".repeat(40);
    refused("{\"t\":{\"x\":" + deep + "}}", 0, "header is not valid JSON");
    String metadata =
        IntStream.rangeClosed(0, SafetensorsJson.MAX_METADATA)
            .mapToObj(i -> "\"k%d\":\"\"".formatted(i))
            .collect(Collectors.joining(",", "{\"__metadata__\":{", "}}"));
    refused(metadata, 0, "more than 10000 entries");
  }

  @Test
  void refusesEveryTruncation() {
    byte[] file = SafetensorsBytes.literal(TWO, 14);
    for (int size = 0; size < file.length; size++) {
      byte[] cut = Arrays.copyOf(file, size);
      assertThatThrownBy(() -> parse(cut)).isInstanceOf(CheckpointException.class);
    }
  }

  @Test
  void survivesFlippedBits() {
    byte[] file = SafetensorsBytes.literal(TWO, 14);
    for (int bit = 0; bit < file.length * 8; bit++) {
      byte[] flipped = file.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      opensOrRefuses(flipped, "bit " + bit);
    }
  }

  @Test
  void survivesRandomBytes() {
    for (int seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      byte[] file = SafetensorsBytes.literal(TWO, 14);
      for (int i = 0; i < 4; i++) {
        file[random.nextInt(file.length)] = (byte) random.nextInt();
      }
      opensOrRefuses(file, "seed " + seed);
    }
  }

  private static void opensOrRefuses(byte[] file, String what) {
    try {
      assertThat(parse(file).entries()).as(what).isNotNull();
    } catch (CheckpointException expected) {
      assertThat(expected).as(what).hasMessageStartingWith("x.safetensors: ");
    }
  }
}
