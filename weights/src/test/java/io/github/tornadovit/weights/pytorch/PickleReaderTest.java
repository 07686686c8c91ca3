package io.github.tornadovit.weights.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.testing.PickleBytes;
import io.github.tornadovit.weights.pytorch.PickleValue.Dict;
import io.github.tornadovit.weights.pytorch.PickleValue.Int;
import io.github.tornadovit.weights.pytorch.PickleValue.Real;
import io.github.tornadovit.weights.pytorch.PickleValue.Sequence;
import io.github.tornadovit.weights.pytorch.PickleValue.Tensor;
import io.github.tornadovit.weights.pytorch.PickleValue.Text;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pickle may do, and that it may do nothing else. */
class PickleReaderTest {
  private static PickleValue read(byte[] pickle) {
    return new PickleReader(pickle, 0, "x.bin").read();
  }

  private static PickleValue read(PickleBytes pickle) {
    return read(pickle.ops(".").build());
  }

  private static void refused(PickleBytes pickle, String... facts) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> read(pickle))
        .withMessageStartingWith("x.bin: pickle ")
        .satisfies(e -> assertThat(e.getMessage()).contains(facts));
  }

  private static PickleBytes start() {
    return PickleBytes.protocol2();
  }

  @Test
  void buildsNumbersAndStrings() {
    assertThat(read(start().integer(-5))).isEqualTo(new Int(-5));
    assertThat(read(start().raw('K', 255))).isEqualTo(new Int(255));
    assertThat(read(start().raw('M', 0xff, 0xff))).isEqualTo(new Int(65535));
    assertThat(read(start().longInteger(1L << 40))).isEqualTo(new Int(1L << 40));
    assertThat(read(start().raw(0x8a, 0))).isEqualTo(new Int(0));
    assertThat(read(start().raw(0x8a, 1, 0xff))).isEqualTo(new Int(-1));
    assertThat(read(start().raw('G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0))).isEqualTo(new Real(1.5));
    assertThat(read(start().text("ä😷"))).isEqualTo(new Text("ä😷"));
    assertThat(read(start().raw('U', 2, 'a', 'b'))).isEqualTo(new Text("ab"));
    assertThat(read(start().raw('T', 1, 0, 0, 0, 'a'))).isEqualTo(new Text("a"));
    assertThat(read(start().ops("N"))).isEqualTo(PickleValue.None.NONE);
    assertThat(read(start().raw(0x88))).isEqualTo(new PickleValue.Bool(true));
  }

  @Test
  void buildsContainers() {
    PickleValue list = read(start().ops("](K\1K\2eK\3a"));
    assertThat(((Sequence) list).items()).containsExactly(new Int(1), new Int(2), new Int(3));
    PickleValue dict = read(start().ops("}(").text("a").ops("K\1").text("b").ops("K\2u"));
    assertThat(((Dict) dict).entries())
        .containsEntry(new Text("a"), new Int(1))
        .containsEntry(new Text("b"), new Int(2));
    PickleValue ordered =
        read(
            start()
                .global("collections", "OrderedDict")
                .ops("]")
                .text("a")
                .ops("K\1")
                .raw(0x86)
                .ops("a")
                .raw(0x85)
                .ops("R"));
    assertThat(((Dict) ordered).entries()).containsEntry(new Text("a"), new Int(1));
  }

  @Test
  void remembersValues() {
    PickleValue twice = read(start().text("a").ops("q\0r\1\2\3\4h\0").raw(0x86));
    assertThat(((Sequence) twice).items()).containsExactly(new Text("a"), new Text("a"));
    PickleValue far = read(start().text("a").raw('r', 1, 2, 3, 0x84, 'j', 1, 2, 3, 0x84, 0x86));
    assertThat(((Sequence) far).items()).containsExactly(new Text("a"), new Text("a"));
    refused(start().ops("h\7"), "memo has no value 7");
  }

  @Test
  void survivesAContainerInItself() {
    PickleValue list = read(start().ops("]q\0h\0a"));
    assertThat(list.kind()).isEqualTo("a sequence of 1");
    PickleValue dict = read(start().ops("}q\0").text("self").ops("h\0s"));
    assertThat(dict.kind()).isEqualTo("a dict of 1");
  }

  @Test
  void letsAttributesOfADictPass() {
    PickleValue dict =
        read(start().global("collections", "OrderedDict").ops(")R}").text("_metadata").ops("}sb"));
    assertThat(((Dict) dict).entries()).isEmpty();
    refused(start().ops("]}b"), "sets the state of a sequence of 0 from a dict of 0");
    refused(start().ops("}]b"), "sets the state of a dict of 0 from a sequence of 0");
  }

  @ParameterizedTest
  @CsvSource({
    "posix, system",
    "os, system",
    "nt, system",
    "builtins, eval",
    "builtins, exec",
    "__builtin__, eval",
    "subprocess, Popen",
    "torch, FloatStorag",
    "torch, load",
    "torch._utils, FloatStorage",
    "torch.storage, UntypedStorage",
    "torch._utils, _rebuild_tensor_v3",
    "collections, Counter",
    "torch.nn.modules.linear, Linear",
    "java.lang, Runtime"
  })
  void refusesGlobalsByName(String module, String symbol) {
    refused(
        start().global(module, symbol).text("touch /tmp/x").raw(0x85).ops("R"),
        "refers to '" + module + " " + symbol + "'",
        "nothing of it was run");
  }

  @Test
  void showsNoControlCharacters() {
    refused(start().global("a\u001b[31mb", "c"), "refers to 'a?[31mb c'");
  }

  @ParameterizedTest
  @CsvSource({
    "transformers.models.vit.modeling_vit, ViTForImageClassification",
    "timm.models.vision_transformer, VisionTransformer",
    "torch.nn.parallel.data_parallel, DataParallel",
    "__main__, FaceMaskNet",
    "my.models, FaceMaskNet"
  })
  void saysThatAModelWasSavedWhole(String module, String symbol) {
    refused(
        start().global(module, symbol).ops(")R"),
        "refers to '"
            + module
            + " "
            + symbol
            + "': the model was saved whole, by torch.save(model)",
        "nothing of it was run",
        "model.save_pretrained(FOLDER), or torch.save(model.state_dict(), \"pytorch_model.bin\")");
  }

  @Test
  void saysThatAModelInADictWasSavedWhole() {
    refused(start().ops("}").text("model").global("__main__", "Net").ops(")Rs"), "was saved whole");
    refused(
        start().ops("}").text("args").global("my.tools", "Options").ops(")Rs"),
        "which no plain state dict needs");
  }

  /**
   * INST, OBJ, NEWOBJ, EXT1, STACK_GLOBAL, FRAME, PERSID, POP, DUP, text numbers, protocol 3 up.
   */
  @ParameterizedTest
  @ValueSource(
      ints = {
        'i', 'o', 0x81, 0x82, 0x83, 0x84, 0x93, 0x95, 'P', '0', '1', '2', 'F', 'I', 'L', 'S', 'V',
        'g', 'p', 'd', 'l', 0x8b, 0x8c, 0x8d, 0x8e, 0x90, 0x91, 0x92, 0x94, 0x96, 'B', 'C', 0, 255
      })
  void refusesOpcodesByNumber(int opcode) {
    refused(
        start().ops("}}").raw(opcode).ops("xx\nyy\n"),
        "at byte 4: opcode 0x%02x".formatted(opcode),
        "is not one that torch.save writes");
  }

  @Test
  void refusesOtherProtocols() {
    assertThatThrownBy(() -> read(new PickleBytes().raw(0x80, 4).ops("N.").build()))
        .hasMessageContaining("protocol 4, expected 2");
  }

  @Test
  void callsNothingButItsThreeFunctions() {
    refused(start().global("torch", "FloatStorage").ops(")R"), "call of torch FloatStorage");
    refused(start().text("f").ops(")R"), "call of a string");
    refused(start().global("collections", "OrderedDict").ops("}R"), "call with a dict of 0");
    refused(start().global("collections", "OrderedDict").ops("K\1").raw(0x85).ops("R"), "pairs");
  }

  @Test
  void refusesAStackThatDoesNotFit() {
    refused(start().ops("a"), "takes 1 values off a stack of 0");
    refused(start().ops("K\1").raw(0x87), "takes 3 values off a stack of 1");
    refused(start().ops("t"), "a mark that is not there");
    refused(start().ops("K\1(").raw(0x85), "takes 1 values off a stack of 0");
    refused(start().ops("K\1K\2"), "stops with values left over");
    refused(start().ops("K\1("), "takes 1 values");
    refused(start(), "takes 1 values");
    refused(start().ops("}(K\1u"), "sets a key without a value");
    refused(start().ops("K\1K\2a"), "appends to the integer 1");
    refused(start().ops("]K\1K\2s"), "sets items of a sequence of 0");
    refused(start().ops("})K\1s"), "dict key is a sequence of 0");
    refused(start().ops("}").text("a").ops("Ns").text("a").ops("Ns"), "has the key 'a' twice");
  }

  @Test
  void refusesNumbersAndStringsOutOfBounds() {
    refused(start().raw(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1), "integer of 66 bits");
    refused(start().raw('X', 0xff, 0xff, 0xff, 0xff), "string of 4294967295 bytes");
    refused(start().raw('T', 0xff, 0xff, 0xff, 0xff), "string of -1 bytes");
    refused(start().raw('X', 0, 0, 1, 0), "ends at byte");
    refused(start().raw('X', 1, 0, 0, 0, 0xff), "string is not UTF-8");
    refused(start().raw('U', 1, 0xff), "string is not US-ASCII");
    refused(start().ops("c" + "m".repeat(300) + "\nx\n"), "name of more than 256 bytes");
  }

  @Test
  void limitsWork() {
    byte[] marks = new byte[300_000];
    Arrays.fill(marks, (byte) '(');
    assertThatThrownBy(() -> read(marks)).hasMessageContaining("stack of more than 100000");
    byte[] dicts = new byte[PickleReader.MAX_BYTES];
    Arrays.fill(dicts, (byte) '}');
    assertThatThrownBy(() -> read(dicts)).hasMessageContaining("stack of more than 100000");
    PickleBytes long1 = start().ops("K\1q\0");
    for (int i = 0; i < 600_000; i++) {
      long1.ops("q\0q\0");
    }
    assertThatThrownBy(() -> read(long1)).hasMessageContaining("more than 1000000 opcodes");
  }

  /** A list of pairs, remembered once, must not be copied into ever more dicts. */
  @Test
  void limitsCopies() {
    PickleBytes pickle = start().ops("](");
    for (int i = 0; i < 2000; i++) {
      pickle.integer(i).ops("N").raw(0x86);
    }
    pickle.ops("eq\0").global("collections", "OrderedDict").ops("q\1]");
    for (int i = 0; i < 100_000; i++) {
      pickle.ops("h\1h\0").raw(0x85).ops("Ra");
    }
    assertTimeout(
        Duration.ofSeconds(20), () -> refused(pickle, "OrderedDicts of more than 1000000 pairs"));
  }

  @Test
  void buildsTensors() {
    byte[] pickle = PickleBytes.oneTensor(6, 0, new long[] {2, 3}, new long[] {1, 2});
    Object built = ((Dict) read(pickle)).entries().get(new Text("x"));
    Tensor tensor = (Tensor) Objects.requireNonNull(built);
    assertThat(tensor.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(tensor.strides()).containsExactly(1L, 2L);
    PickleValue parameter =
        read(
            start()
                .global("torch._utils", "_rebuild_parameter")
                .ops("(")
                .tensor("0", 1, 0, new long[] {}, new long[] {})
                .raw(0x88)
                .ops("}tR"));
    assertThat(parameter).isInstanceOf(Tensor.class);
  }

  private static void tensorRefused(
      long elements, long offset, long[] size, long[] stride, String... facts) {
    byte[] pickle = PickleBytes.oneTensor(elements, offset, size, stride);
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> read(pickle))
        .satisfies(e -> assertThat(e.getMessage()).contains(facts));
  }

  @Test
  void refusesTensorsThatLeaveTheirStorage() {
    long max = Long.MAX_VALUE;
    tensorRefused(
        5,
        0,
        new long[] {2, 3},
        new long[] {3, 1},
        "tensor [2, 3] with strides [3, 1] from element 0 leaves the 5 elements of storage '0'");
    tensorRefused(6, 1, new long[] {2, 3}, new long[] {3, 1}, "from element 1 leaves");
    tensorRefused(6, 7, new long[] {0}, new long[] {1}, "from element 7 leaves");
    tensorRefused(0, 0, new long[] {}, new long[] {}, "leaves the 0 elements");
    tensorRefused(6, -1, new long[] {1}, new long[] {1}, "tensor offset is the integer -1");
    tensorRefused(6, 0, new long[] {-1}, new long[] {1}, "tensor size is the integer -1");
    tensorRefused(6, 0, new long[] {2}, new long[] {-1}, "tensor stride is the integer -1");
    tensorRefused(-6, 0, new long[] {2}, new long[] {1}, "storage size is the integer -6");
    tensorRefused(6, 0, new long[] {2, 3}, new long[] {1}, "tensor of rank 2 with 1 strides");
    tensorRefused(6, 0, new long[] {max, 2}, new long[] {1, 1}, "overflows");
    tensorRefused(6, 0, new long[] {2, 2}, new long[] {max, max}, "overflows");
    tensorRefused(max, max, new long[] {2}, new long[] {1}, "leaves");
    tensorRefused(6, 0, new long[17], new long[17], "has rank 17, expected at most 16");
  }

  @Test
  void refusesMalformedTensorsAndStorages() {
    refused(start().ops("NQ"), "persistent id is not");
    refused(start().ops("(").text("storage").ops("tQ"), "persistent id is not");
    PickleBytes id = start().ops("(").text("storage").global("collections", "OrderedDict");
    refused(id.text("0").text("cpu").ops("K\1tQ"), "storage of collections OrderedDict");
    refused(start().global("torch._utils", "_rebuild_tensor_v2").ops(")R"), "tensor is not (");
    refused(start().global("torch._utils", "_rebuild_parameter").ops(")R"), "parameter is not (");
    PickleBytes six = start().ops("(").text("storage").global("torch", "FloatStorage");
    six.text("0").text("cpu").ops("K\4").text("v").ops("K\2K\3").raw(0x87);
    refused(six.ops("tQ"), "storage view of 3 elements from 2 leaves the 4 of storage '0'");
  }

  @Test
  void refusesEveryTruncation() {
    byte[] pickle = PickleBytes.oneTensor(6, 0, new long[] {2, 3}, new long[] {3, 1});
    for (int size = 0; size < pickle.length; size++) {
      byte[] cut = Arrays.copyOf(pickle, size);
      assertThatThrownBy(() -> read(cut)).isInstanceOf(CheckpointException.class);
    }
  }

  @Test
  void survivesFlippedBitsAndRandomBytes() {
    byte[] pickle = PickleBytes.oneTensor(6, 0, new long[] {2, 3}, new long[] {3, 1});
    for (int bit = 0; bit < pickle.length * 8; bit++) {
      byte[] flipped = pickle.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      buildsOrRefuses(flipped, "bit " + bit);
    }
    for (int seed = 0; seed < 5000; seed++) {
      Random random = new Random(seed);
      byte[] changed = pickle.clone();
      for (int i = 0; i < 3; i++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      buildsOrRefuses(changed, "seed " + seed);
    }
  }

  private static void buildsOrRefuses(byte[] pickle, String what) {
    try {
      assertThat(read(pickle)).as(what).isNotNull();
    } catch (CheckpointException expected) {
      assertThat(expected).as(what).hasMessageStartingWith("x.bin: ");
    }
  }
}
