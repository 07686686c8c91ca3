package io.github.tornadovit.weights.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.testing.PickleBytes;
import io.github.tornadovit.testing.ZipBytes;
import io.github.tornadovit.weights.file.CheckpointFolder;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that torch wrote (generate.py beside them) and files that it would not write. */
class PytorchFileTest {
  @TempDir Path folder;

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = PytorchFileTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  private PytorchFile open(byte[] content, Arena arena) {
    try {
      Files.write(folder.resolve("x.bin"), content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return PytorchFile.open(new CheckpointFolder(folder, "model", arena), "x.bin");
  }

  private void refused(byte[] content, String... facts) {
    try (Arena arena = Arena.ofShared()) {
      assertThatExceptionOfType(CheckpointException.class)
          .isThrownBy(() -> open(content, arena))
          .withMessageStartingWith("model/x.bin: ")
          .satisfies(e -> assertThat(e.getMessage()).contains(facts));
    }
  }

  private static TensorView tensor(Map<String, TensorView> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip", "legacy"})
  void readsWhatTorchWrites(String form) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      PytorchFile file = open(resource(form + ".bin"), arena);
      assertThat(file.format()).isEqualTo("pytorch " + form);
      Map<String, TensorView> t = file.tensors();
      float[] base = new float[12];
      float[] thirds = new float[12];
      for (int i = 0; i < 12; i++) {
        base[i] = i - 5.5f;
        thirds[i] = (float) ((i - 5.5) / 3);
      }
      assertThat(tensor(t, "f32").toArray()).containsExactly(base);
      assertThat(tensor(t, "f32").shape()).isEqualTo(Shape.of(3, 4));
      assertThat(tensor(t, "f64").toArray()).containsExactly(thirds);
      for (int i = 0; i < 12; i++) {
        assertThat(tensor(t, "f16").toArray()[i])
            .isEqualTo(Float.float16ToFloat(Float.floatToFloat16(thirds[i])));
        assertThat(tensor(t, "bf16").toArray()[i]).isCloseTo(thirds[i], offset(thirds[i]));
      }
      assertThat(tensor(t, "i64").dtype()).isEqualTo(DType.I64);
      assertThat(tensor(t, "flags").dtype()).isEqualTo(DType.BOOL);
      assertThat(tensor(t, "scalar").shape()).isEqualTo(Shape.of());
      assertThat(tensor(t, "scalar").toArray()).containsExactly(2.5f);
      assertThat(tensor(t, "empty").toArray()).isEmpty();
      assertThat(tensor(t, "transposed").shape()).isEqualTo(Shape.of(4, 3));
      assertThat(tensor(t, "transposed").toArray())
          .startsWith(-5.5f, -1.5f, 2.5f, -4.5f)
          .endsWith(-2.5f, 1.5f, 5.5f);
      assertThat(tensor(t, "column").toArray()).containsExactly(-4.5f, -0.5f, 3.5f);
      assertThat(tensor(t, "expanded").toArray()).containsExactly(1, 1, 1, 2, 2, 2);
      assertThat(tensor(t, "left").toArray()).containsExactly(0, 1, 2);
      assertThat(tensor(t, "right").toArray()).containsExactly(3, 4, 5);
      assertThat(tensor(t, "parameter").toArray()).containsExactly(7, 8);
    }
  }

  private static Offset<Float> offset(float value) {
    return Offset.offset(Math.abs(value) / 256);
  }

  @Test
  void takesTheStateDictOutOfATrainingCheckpoint() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      assertThat(open(resource("nested.bin"), arena).tensors()).containsOnlyKeys("f32");
      assertThat(open(resource("training.bin"), arena).tensors()).containsOnlyKeys("f32");
    }
  }

  @Test
  void refusesOtherThingsThatTorchWrites() throws IOException {
    refused(resource("module.bin"), "refers to 'torch.nn.modules.linear Linear'", "saved whole");
    refused(resource("mixed.bin"), "'epoch' is the integer 3, expected a tensor");
    refused(resource("script.bin"), "this is a TorchScript program");
  }

  @Test
  void refusesFilesOfOtherKinds() {
    refused(new byte[0], "is empty");
    refused(new byte[] {1, 2, 3}, "begins neither like a zip");
    refused(new byte[] {(byte) 0x80, 4, 'N', '.'}, "is a pickle, but not one that torch.save");
    byte[] tar = new byte[1024];
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    refused(tar, "is in the tar form");
    refused(
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 343\n"
            .getBytes(StandardCharsets.US_ASCII),
        "is a Git LFS pointer");
  }

  private static final byte[] PICKLE =
      PickleBytes.oneTensor(6, 0, new long[] {2, 3}, new long[] {3, 1});

  @Test
  void refusesPicklesThatCallSomething() {
    byte[] system =
        PickleBytes.protocol2()
            .global("posix", "system")
            .text("touch /tmp/tornado-vit-was-here")
            .raw(0x85)
            .ops("R.")
            .build();
    refused(ZipBytes.torch(system, 6), "pickle at byte 2: refers to 'posix system'");
  }

  @Test
  void refusesZipsThatAreNotOfTorch() {
    refused(new ZipBytes().add("a/b", "x").build(), "has no entry '…/data.pkl'");
    refused(
        new ZipBytes().add("a/data.pkl", PICKLE).add("b/data.pkl", PICKLE).build(),
        "has 'a/data.pkl' and 'b/data.pkl', expected one");
    refused(new ZipBytes().add("a/data.pkl", PICKLE).build(), "has no entry 'a/data/0'");
    refused(ZipBytes.torch(PICKLE, 5), "has 20 bytes, expected 6 elements of F32");
    refused(ZipBytes.torch(PICKLE, 7), "has 28 bytes, expected 6 elements of F32");
    byte[] longer = Arrays.copyOf(PICKLE, PICKLE.length + 1);
    refused(ZipBytes.torch(longer, 6), "pickle ends at byte %d of".formatted(PICKLE.length));
    byte[] huge = new byte[PickleReader.MAX_BYTES + 1];
    refused(ZipBytes.torch(huge, 6), "pickle of 16777217 bytes, expected at most 16777216");
  }

  @Test
  void refusesBigEndianData() {
    ZipBytes zip = new ZipBytes().add("a/data.pkl", PICKLE).add("a/data/0", new byte[24]);
    refused(zip.add("a/byteorder", "big").build(), "has byte order 'big', expected 'little'");
  }

  @Test
  void refusesCompressedFiles() {
    ZipBytes zip = new ZipBytes().add("a/data.pkl", PICKLE).add("a/data/0", new byte[24]);
    refused(zip.deflated().build(), "is compressed (method 8)");
  }

  @Test
  void verifiesChecksums() {
    byte[] zip = ZipBytes.torch(PICKLE, 6);
    int data = ZipBytes.find(zip, "data/0", 0) + 6;
    refused(ZipBytes.patched(zip, data + 3, 1), "'archive/data/0' has CRC", "is damaged");
    int pickle = ZipBytes.find(zip, "data.pkl", 0) + 8;
    refused(ZipBytes.patched(zip, pickle + 3, 1), "'archive/data.pkl' has CRC");
  }

  @Test
  void refusesTensorsThatInflate() {
    long side = 1L << 20;
    byte[] bomb = PickleBytes.oneTensor(1, 0, new long[] {side, side}, new long[] {0, 0});
    refused(ZipBytes.torch(bomb, 1), "tensors have 1099511627776 elements, expected at most");
  }

  @Test
  void refusesOneStorageOfTwoTypes() {
    byte[] pickle =
        PickleBytes.protocol2()
            .ops("}")
            .text("x")
            .tensor("0", 6, 0, new long[] {6}, new long[] {1})
            .ops("s")
            .text("y")
            .tensor("0", 5, 0, new long[] {5}, new long[] {1})
            .ops("s.")
            .build();
    refused(ZipBytes.torch(pickle, 6), "tensor 'y' takes storage '0' for 5 of F32, another for 6");
  }

  @Test
  void refusesRootsWithoutTensors() {
    refused(ZipBytes.torch(PickleBytes.protocol2().ops("].").build(), 1), "holds a sequence of 0");
    byte[] numbered = PickleBytes.protocol2().ops("}K\1Ns.").build();
    refused(ZipBytes.torch(numbered, 1), "has the integer 1 for a key");
  }

  @Test
  void refusesDamagedLegacyFiles() throws IOException {
    byte[] file = resource("legacy.bin");
    int version = ZipBytes.find(file, "M\u00e9\3.", 0);
    refused(ZipBytes.patched(file, version + 1, 1), "protocol version is the integer 769");
    int little = ZipBytes.find(file, "little_endian", 0);
    int flag = ZipBytes.find(file.clone(), "\u0088", 0);
    assertThat(flag).isGreaterThan(little);
    refused(ZipBytes.patched(file, flag, 0x89), "big-endian machine");
    refused(Arrays.copyOf(file, file.length + 1), "has 1 bytes after its last storage");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip.bin", "legacy.bin", "nested.bin"})
  void refusesTruncations(String name) throws IOException {
    byte[] file = resource(name);
    for (int size = 0; size < file.length; size += 1 + size / 100) {
      byte[] cut = Arrays.copyOf(file, size);
      try (Arena arena = Arena.ofShared()) {
        assertThatThrownBy(() -> open(cut, arena))
            .as("%s cut to %d", name, size)
            .isInstanceOf(CheckpointException.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip.bin", "legacy.bin"})
  void survivesFlippedBits(String name) throws IOException {
    byte[] file = resource(name);
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      byte[] flipped = file.clone();
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
      try (Arena arena = Arena.ofShared()) {
        for (TensorView tensor : open(flipped, arena).tensors().values()) {
          if (tensor.dtype().isFloat()) {
            assertThat(tensor.toArray()).hasSize((int) tensor.shape().elements());
          }
        }
      } catch (CheckpointException expected) {
        assertThat(expected).as("seed " + seed).hasMessageStartingWith("model/x.bin: ");
      }
    }
  }
}
