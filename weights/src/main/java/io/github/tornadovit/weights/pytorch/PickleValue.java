package io.github.tornadovit.weights.pytorch;

import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values that a pickle can build here. The memo lets one value occur in many places, even in
 * itself, so no method here descends into a value: containers have no equality, hash or text of
 * their content.
 */
sealed interface PickleValue
    permits PickleGlobal,
        PickleValue.None,
        PickleValue.Bool,
        PickleValue.Int,
        PickleValue.Real,
        PickleValue.Text,
        PickleValue.Sequence,
        PickleValue.Dict,
        PickleValue.Storage,
        PickleValue.Tensor {
  /** Its type, for messages. */
  String kind();

  /** Python's {@code None}. */
  enum None implements PickleValue {
    NONE;

    @Override
    public String kind() {
      return "None";
    }
  }

  /** A boolean. */
  record Bool(boolean value) implements PickleValue {
    @Override
    public String kind() {
      return value ? "True" : "False";
    }
  }

  /** An integer of at most 64 bits. */
  record Int(long value) implements PickleValue {
    @Override
    public String kind() {
      return "the integer " + value;
    }
  }

  /** A float. */
  record Real(double value) implements PickleValue {
    @Override
    public String kind() {
      return "the number " + value;
    }
  }

  /** A string. */
  record Text(String value) implements PickleValue {
    @Override
    public String kind() {
      return "a string";
    }
  }

  /** A tuple, a list or a set; which one makes no difference to a state dict. */
  final class Sequence implements PickleValue {
    private final List<PickleValue> items;

    Sequence(List<PickleValue> items) {
      this.items = new ArrayList<>(items);
    }

    List<PickleValue> items() {
      return items;
    }

    @Override
    public String kind() {
      return "a sequence of " + items.size();
    }
  }

  /** A dict, ordered or not; keys are {@link Text} and {@link Int}. */
  final class Dict implements PickleValue {
    private final Map<PickleValue, PickleValue> entries = new LinkedHashMap<>();

    Map<PickleValue, PickleValue> entries() {
      return entries;
    }

    @Override
    public String kind() {
      return "a dict of " + entries.size();
    }
  }

  /**
   * Elements that lie in the file.
   *
   * @param key the storage's name
   * @param dtype the type of its elements
   * @param elements of the whole storage
   * @param first the first element of the part meant; 0 but in old files
   * @param count the elements of the part meant
   */
  record Storage(String key, DType dtype, long elements, long first, long count)
      implements PickleValue {
    @Override
    public String kind() {
      return "a storage";
    }
  }

  /**
   * A tensor, checked to lie in its storage.
   *
   * @param offset of its first element in the whole storage
   * @param strides in elements, not negative
   */
  record Tensor(Storage storage, long offset, Shape shape, List<Long> strides)
      implements PickleValue {
    @Override
    public String kind() {
      return "a tensor";
    }
  }
}
