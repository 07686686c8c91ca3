package io.github.tornadovit.weights.pytorch;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.weights.pytorch.PickleValue.Bool;
import io.github.tornadovit.weights.pytorch.PickleValue.Dict;
import io.github.tornadovit.weights.pytorch.PickleValue.Int;
import io.github.tornadovit.weights.pytorch.PickleValue.None;
import io.github.tornadovit.weights.pytorch.PickleValue.Real;
import io.github.tornadovit.weights.pytorch.PickleValue.Sequence;
import io.github.tornadovit.weights.pytorch.PickleValue.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Interpreter of the part of pickle protocol 2 that torch writes for a state dict.
 *
 * <p>Every opcode does a bounded amount of work and allocates in proportion to the bytes it reads,
 * so time and memory are bounded by the pickle's size, which is limited.
 */
final class PickleReader {
  /** Longest pickle that callers hand over; that of a base model has 31,127 bytes. */
  static final int MAX_BYTES = 16 << 20;

  /** Most opcodes, and most pairs copied into dicts; a base model has some 6,000 and none. */
  static final int MAX_OPERATIONS = 1_000_000;

  /** Most values on the stack; torch sets dict items in groups of 1,000. */
  static final int MAX_STACK = 100_000;

  private static final int PROTOCOL = 2;

  private final PickleInput input;
  private final List<PickleValue> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, PickleValue> memo = new HashMap<>();
  private long pairsCopied;

  /**
   * A reader of the pickle that begins at a byte.
   *
   * @param where the file, for messages
   */
  PickleReader(byte[] bytes, int position, String where) {
    this.input = new PickleInput(bytes, position, where);
  }

  /** The byte after the pickle, once it was read. */
  int position() {
    return input.position();
  }

  /**
   * Reads the pickle.
   *
   * @return what it builds
   * @throws CheckpointException if it does anything but build tensors and containers
   */
  PickleValue read() {
    for (int operations = 0; operations < MAX_OPERATIONS; operations++) {
      int opcode = input.opcode();
      if (opcode == '.') {
        PickleValue result = pop();
        if (!stack.isEmpty() || !marks.isEmpty()) {
          throw input.fail("stops with values left over");
        }
        return result;
      }
      execute(opcode);
      if (stack.size() > MAX_STACK || marks.size() > MAX_STACK) {
        throw input.fail("stack of more than %d values".formatted(MAX_STACK));
      }
    }
    throw input.fail("more than %d opcodes".formatted(MAX_OPERATIONS));
  }

  private void execute(int opcode) {
    switch (opcode) {
      case 0x80 -> protocol(input.unsignedByte());
      case 'c' -> push(global(input.line(), input.line()));
      case 'N' -> push(None.NONE);
      case 0x88 -> push(new Bool(true));
      case 0x89 -> push(new Bool(false));
      case 'K' -> push(new Int(input.unsignedByte()));
      case 'M' -> push(new Int(input.unsignedShort()));
      case 'J' -> push(new Int(input.signedInt()));
      case 0x8a -> push(new Int(input.integer(input.unsignedByte())));
      case 'G' -> push(new Real(input.real()));
      case 'X' -> push(text(Integer.toUnsignedLong(input.signedInt())));
      case 'U' -> push(asciiText(input.unsignedByte()));
      case 'T' -> push(asciiText(input.signedInt()));
      case '(' -> marks.add(stack.size());
      case ')', ']', 0x8f -> push(new Sequence(List.of()));
      case 't' -> push(new Sequence(popToMark()));
      case 0x85 -> push(new Sequence(popMany(1)));
      case 0x86 -> push(new Sequence(popMany(2)));
      case 0x87 -> push(new Sequence(popMany(3)));
      case 'a' -> append(popMany(1));
      case 'e' -> append(popToMark());
      case '}' -> push(new Dict());
      case 's' -> setItems(popMany(2));
      case 'u' -> setItems(popToMark());
      case 'q' -> remember(input.unsignedByte());
      case 'r' -> remember(input.signedInt());
      case 'h' -> push(recall(input.unsignedByte()));
      case 'j' -> push(recall(input.signedInt()));
      case 'Q' -> push(TorchObjects.storage(pop(), input));
      case 'R' -> reduce();
      case 'b' -> build();
      default -> throw unknown(opcode);
    }
  }

  private void protocol(int version) {
    if (version != PROTOCOL) {
      throw input.fail(
          "protocol %d, expected %d; save the model again with torch.save as it is by default"
              .formatted(version, PROTOCOL));
    }
  }

  private PickleValue global(String module, String symbol) {
    PickleGlobal global = PickleGlobal.of(module, symbol);
    if (global == null && WholeModel.isOne(module, symbol, stack.isEmpty())) {
      throw input.fail(WholeModel.advice(printable(module), printable(symbol)));
    }
    if (global == null) {
      throw input.fail(
          "refers to '%s %s', which no plain state dict needs; refused, nothing of it was run"
              .formatted(printable(module), printable(symbol)));
    }
    return global;
  }

  private void reduce() {
    PickleValue arguments = pop();
    PickleValue callable = pop();
    if (!(arguments instanceof Sequence sequence)) {
      throw input.fail("call with %s, expected a tuple".formatted(arguments.kind()));
    }
    if (callable == PickleGlobal.ORDERED_DICT) {
      push(orderedDict(sequence.items()));
    } else if (callable == PickleGlobal.REBUILD_TENSOR) {
      push(TorchObjects.tensor(sequence.items(), input));
    } else if (callable == PickleGlobal.REBUILD_PARAMETER) {
      push(TorchObjects.parameter(sequence.items(), input));
    } else {
      throw input.fail("call of %s, which is refused".formatted(callable.kind()));
    }
  }

  private Dict orderedDict(List<PickleValue> arguments) {
    Dict dict = new Dict();
    if (!arguments.isEmpty()) {
      if (arguments.size() != 1 || !(arguments.getFirst() instanceof Sequence pairs)) {
        throw input.fail("OrderedDict of something else than one list of pairs");
      }
      pairsCopied += pairs.items().size();
      if (pairsCopied > MAX_OPERATIONS) {
        throw input.fail("OrderedDicts of more than %d pairs".formatted(MAX_OPERATIONS));
      }
      for (PickleValue pair : pairs.items()) {
        if (!(pair instanceof Sequence entry) || entry.items().size() != 2) {
          throw input.fail("OrderedDict of something else than pairs");
        }
        put(dict, entry.items().getFirst(), entry.items().getLast());
      }
    }
    return dict;
  }

  /** Attributes of a dict, such as a state dict's {@code _metadata}, say nothing of its tensors. */
  private void build() {
    PickleValue state = pop();
    PickleValue target = top();
    if (!(target instanceof Dict) || !(state instanceof Dict)) {
      throw input.fail(
          "sets the state of %s from %s; only attributes of a dict are let pass"
              .formatted(target.kind(), state.kind()));
    }
  }

  private void append(List<PickleValue> items) {
    if (!(top() instanceof Sequence sequence)) {
      throw input.fail("appends to %s".formatted(top().kind()));
    }
    sequence.items().addAll(items);
  }

  private void setItems(List<PickleValue> items) {
    if (!(top() instanceof Dict dict)) {
      throw input.fail("sets items of %s".formatted(top().kind()));
    }
    if (items.size() % 2 != 0) {
      throw input.fail("sets a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      put(dict, items.get(i), items.get(i + 1));
    }
  }

  private void put(Dict dict, PickleValue key, PickleValue value) {
    if (!(key instanceof Text || key instanceof Int)) {
      throw input.fail("dict key is %s, expected a string or an integer".formatted(key.kind()));
    }
    if (dict.entries().put(key, value) != null) {
      String name = key instanceof Text text ? printable(text.value()) : key.kind();
      throw input.fail("dict has the key '%s' twice".formatted(name));
    }
  }

  private Text text(long size) {
    return new Text(input.text(size, StandardCharsets.UTF_8));
  }

  private Text asciiText(int size) {
    return new Text(input.text(size, StandardCharsets.US_ASCII));
  }

  private void remember(int slot) {
    memo.put(slot, top());
  }

  private PickleValue recall(int slot) {
    PickleValue value = memo.get(slot);
    if (value == null) {
      throw input.fail("memo has no value %d".formatted(Integer.toUnsignedLong(slot)));
    }
    return value;
  }

  private void push(PickleValue value) {
    stack.add(value);
  }

  private PickleValue pop() {
    return popMany(1).getFirst();
  }

  private PickleValue top() {
    requireOnStack(1);
    return stack.getLast();
  }

  private List<PickleValue> popMany(int count) {
    requireOnStack(count);
    return cut(stack.size() - count);
  }

  private List<PickleValue> popToMark() {
    if (marks.isEmpty()) {
      throw input.fail("takes values up to a mark that is not there");
    }
    return cut(marks.removeLast());
  }

  /** Values below the last mark are out of reach until the mark is taken. */
  private void requireOnStack(int count) {
    int floor = marks.isEmpty() ? 0 : marks.getLast();
    if (stack.size() - floor < count) {
      throw input.fail("takes %d values off a stack of %d".formatted(count, stack.size() - floor));
    }
  }

  private List<PickleValue> cut(int from) {
    List<PickleValue> tail = stack.subList(from, stack.size());
    List<PickleValue> values = List.copyOf(tail);
    tail.clear();
    return values;
  }

  private CheckpointException unknown(int opcode) {
    return input.fail(
        "opcode 0x%02x%s is not one that torch.save writes for tensors; refused"
            .formatted(opcode, opcode > ' ' && opcode < 0x7f ? " '" + (char) opcode + "'" : ""));
  }

  private static String printable(String text) {
    String shown = text.length() <= 80 ? text : text.substring(0, 80) + "…";
    return shown.replaceAll("\\p{Cntrl}", "?");
  }
}
