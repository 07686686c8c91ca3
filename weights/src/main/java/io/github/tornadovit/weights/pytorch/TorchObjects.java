package io.github.tornadovit.weights.pytorch;

import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.weights.pytorch.PickleValue.Int;
import io.github.tornadovit.weights.pytorch.PickleValue.None;
import io.github.tornadovit.weights.pytorch.PickleValue.Sequence;
import io.github.tornadovit.weights.pytorch.PickleValue.Storage;
import io.github.tornadovit.weights.pytorch.PickleValue.Tensor;
import io.github.tornadovit.weights.pytorch.PickleValue.Text;
import java.util.ArrayList;
import java.util.List;

/** Builds storages and tensors from the tuples by which torch pickles them. */
final class TorchObjects {
  static final int MAX_RANK = 16;

  private TorchObjects() {}

  /**
   * {@code ('storage', class, key, location, elements)}, and in old files {@code view}: None or
   * {@code (key, first element, elements)} of a part.
   */
  static Storage storage(PickleValue id, PickleInput input) {
    if (!(id instanceof Sequence tuple)
        || tuple.items().size() < 5
        || tuple.items().size() > 6
        || !(tuple.items().get(0) instanceof Text kind)
        || !kind.value().equals("storage")
        || !(tuple.items().get(1) instanceof PickleGlobal type)
        || !(tuple.items().get(2) instanceof Text key)
        || !(tuple.items().get(3) instanceof Text)) {
      throw input.fail("persistent id is not ('storage', class, key, location, elements)");
    }
    var dtype = type.dtype();
    if (dtype == null) {
      throw input.fail("storage of %s, expected a storage class".formatted(type.kind()));
    }
    long elements = count(tuple.items().get(4), "storage size", input);
    if (tuple.items().size() == 5 || tuple.items().get(5) == None.NONE) {
      return new Storage(key.value(), dtype, elements, 0, elements);
    }
    if (!(tuple.items().get(5) instanceof Sequence view)
        || view.items().size() != 3
        || !(view.items().getFirst() instanceof Text)) {
      throw input.fail("storage view is not (key, offset, elements)");
    }
    long first = count(view.items().get(1), "storage view offset", input);
    long part = count(view.items().get(2), "storage view size", input);
    if (first > elements || part > elements - first) {
      throw input.fail(
          "storage view of %d elements from %d leaves the %d of storage '%s'"
              .formatted(part, first, elements, key.value()));
    }
    return new Storage(key.value(), dtype, elements, first, part);
  }

  /** {@code (storage, offset, size, stride, requires_grad, hooks[, metadata])}. */
  static Tensor tensor(List<PickleValue> arguments, PickleInput input) {
    if (arguments.size() < 6
        || arguments.size() > 7
        || !(arguments.getFirst() instanceof Storage storage)) {
      throw input.fail("tensor is not (storage, offset, size, stride, requires_grad, hooks)");
    }
    long offset = count(arguments.get(1), "tensor offset", input);
    List<Long> size = counts(arguments.get(2), "tensor size", input);
    List<Long> strides = counts(arguments.get(3), "tensor stride", input);
    if (size.size() != strides.size()) {
      throw input.fail("tensor of rank %d with %d strides".formatted(size.size(), strides.size()));
    }
    try {
      Shape shape = Shape.of(size.stream().mapToLong(Long::longValue).toArray());
      long reach = shape.elements() == 0 ? 0 : 1;
      for (int axis = 0; axis < size.size() && reach > 0; axis++) {
        reach = Math.addExact(reach, Math.multiplyExact(size.get(axis) - 1, strides.get(axis)));
      }
      if (offset > storage.count() || reach > storage.count() - offset) {
        throw input.fail(
            "tensor %s with strides %s from element %d leaves the %d elements of storage '%s'"
                .formatted(shape, strides, offset, storage.count(), storage.key()));
      }
      return new Tensor(storage, storage.first() + offset, shape, strides);
    } catch (ArithmeticException e) {
      throw input.fail("tensor of size %s with strides %s overflows".formatted(size, strides));
    }
  }

  /** {@code (tensor, requires_grad, hooks)}. */
  static Tensor parameter(List<PickleValue> arguments, PickleInput input) {
    if (arguments.size() != 3 || !(arguments.getFirst() instanceof Tensor tensor)) {
      throw input.fail("parameter is not (tensor, requires_grad, hooks)");
    }
    return tensor;
  }

  private static List<Long> counts(PickleValue value, String what, PickleInput input) {
    if (!(value instanceof Sequence sequence)) {
      throw input.fail("%s is %s, expected a tuple".formatted(what, value.kind()));
    }
    if (sequence.items().size() > MAX_RANK) {
      throw input.fail(
          "%s has rank %d, expected at most %d".formatted(what, sequence.items().size(), MAX_RANK));
    }
    List<Long> counts = new ArrayList<>();
    for (PickleValue item : sequence.items()) {
      counts.add(count(item, what, input));
    }
    return List.copyOf(counts);
  }

  private static long count(PickleValue value, String what, PickleInput input) {
    if (!(value instanceof Int number) || number.value() < 0) {
      throw input.fail("%s is %s, expected an integer from 0".formatted(what, value.kind()));
    }
    return number.value();
  }
}
