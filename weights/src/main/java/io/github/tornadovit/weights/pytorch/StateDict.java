package io.github.tornadovit.weights.pytorch;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.pytorch.PickleValue.Dict;
import io.github.tornadovit.weights.pytorch.PickleValue.Storage;
import io.github.tornadovit.weights.pytorch.PickleValue.Tensor;
import io.github.tornadovit.weights.pytorch.PickleValue.Text;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The tensors by name that a pickle built, and their storages; not yet bound to bytes. */
final class StateDict {
  static final int MAX_TENSORS = 100_000;

  /** Elements that expanded tensors may have on top of {@link #MAX_REPETITION}. */
  static final long FREE_ELEMENTS = 1L << 24;

  /** How many times over the tensors may use the stored elements, as views and tied weights do. */
  static final long MAX_REPETITION = 4;

  /** Where training scripts put the model beside other things. */
  private static final List<String> NESTED =
      List.of(
          "state_dict",
          "model_state_dict",
          "model",
          "net",
          "network",
          "module",
          "weights",
          "params",
          "teacher",
          "model_ema");

  private final String where;
  private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
  private final Map<String, Storage> storages = new HashMap<>();

  /**
   * The state dict in what a pickle built: the root if it holds tensors only, else the dict of
   * tensors under one of the keys that training scripts use, or at the end of several of them.
   *
   * @param where the file, for messages
   */
  StateDict(PickleValue root, String where) {
    this.where = where;
    if (!(root instanceof Dict dict)) {
      throw fail("holds %s, expected a dict of tensors".formatted(root.kind()));
    }
    collect(nested(dict));
    checkStorages();
  }

  /** Storages by key: each once, whatever the number of tensors in it. */
  Map<String, Storage> storages() {
    return storages;
  }

  /**
   * Binds the tensors to the bytes of their storages.
   *
   * @param file the file's name
   * @param bytes of each storage by key, of exactly its size
   */
  SequencedMap<String, TensorView> bind(String file, Map<String, MemorySegment> bytes) {
    SequencedMap<String, TensorView> views = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          Storage storage = tensor.storage();
          MemorySegment segment = bytes.get(storage.key());
          if (segment == null) {
            throw new IllegalStateException("storage '" + storage.key() + "' was not located");
          }
          long[] strides = tensor.strides().stream().mapToLong(Long::longValue).toArray();
          MemorySegment data = segment.asSlice(tensor.offset() * storage.dtype().bytes());
          views.put(
              name, TensorView.strided(name, file, storage.dtype(), tensor.shape(), strides, data));
        });
    return views;
  }

  private static Dict nested(Dict root) {
    if (holdsTensors(root)) {
      return root;
    }
    for (String key : NESTED) {
      if (root.entries().get(new Text(key)) instanceof Dict dict) {
        if (holdsTensors(dict)) {
          return dict;
        }
        for (String inner : NESTED) {
          if (dict.entries().get(new Text(inner)) instanceof Dict deep && holdsTensors(deep)) {
            return deep;
          }
        }
      }
    }
    return root;
  }

  private static boolean holdsTensors(Dict dict) {
    return dict.entries().values().stream().allMatch(Tensor.class::isInstance)
        && !dict.entries().isEmpty();
  }

  private void collect(Dict dict) {
    if (dict.entries().size() > MAX_TENSORS) {
      throw fail("holds more than %d tensors".formatted(MAX_TENSORS));
    }
    dict.entries()
        .forEach(
            (key, value) -> {
              if (!(key instanceof Text name)) {
                throw fail("state dict has %s for a key, expected a name".formatted(key.kind()));
              }
              if (!(value instanceof Tensor tensor)) {
                throw fail(
                    "'%s' is %s, expected a tensor; save model.state_dict() alone: torch.save(model.state_dict(), \"pytorch_model.bin\")"
                        .formatted(name.value(), value.kind()));
              }
              tensors.put(name.value(), tensor);
            });
  }

  /** One key means one storage, and tensors may not inflate it. */
  private void checkStorages() {
    long stored = 0;
    long used = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Storage storage = entry.getValue().storage();
      @Nullable Storage known = storages.putIfAbsent(storage.key(), storage);
      if (known == null) {
        stored = saturatedSum(stored, storage.elements());
      } else if (known.dtype() != storage.dtype() || known.elements() != storage.elements()) {
        throw fail(
            "tensor '%s' takes storage '%s' for %d of %s, another for %d of %s"
                .formatted(
                    entry.getKey(),
                    storage.key(),
                    storage.elements(),
                    storage.dtype(),
                    known.elements(),
                    known.dtype()));
      }
      used = saturatedSum(used, entry.getValue().shape().elements());
    }
    if ((used - FREE_ELEMENTS) / MAX_REPETITION > stored) {
      throw fail(
          "tensors have %d elements, expected at most %d because %d are stored"
              .formatted(used, MAX_REPETITION * stored + FREE_ELEMENTS, stored));
    }
  }

  private static long saturatedSum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  private CheckpointException fail(String problem) {
    return new CheckpointException(where, problem);
  }
}
