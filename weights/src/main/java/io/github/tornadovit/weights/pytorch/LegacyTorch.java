package io.github.tornadovit.weights.pytorch;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.pytorch.PickleValue.Bool;
import io.github.tornadovit.weights.pytorch.PickleValue.Dict;
import io.github.tornadovit.weights.pytorch.PickleValue.Int;
import io.github.tornadovit.weights.pytorch.PickleValue.Sequence;
import io.github.tornadovit.weights.pytorch.PickleValue.Storage;
import io.github.tornadovit.weights.pytorch.PickleValue.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.SequencedMap;

/** The form of torch files before 1.6; described at the package. */
final class LegacyTorch {
  /** The first pickle as a whole: protocol 2, LONG1 of ten bytes, stop. */
  static final byte[] MAGIC = {
    (byte) 0x80,
    2,
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19,
    '.'
  };

  private static final long PROTOCOL = 1001;
  private static final ValueLayout.OfLong LE_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment bytes;
  private final String where;

  /** The beginning of the file, where the pickles are. */
  private final byte[] pickles;

  private long position = MAGIC.length;

  private LegacyTorch(MemorySegment bytes, String where) {
    this.bytes = bytes;
    this.where = where;
    this.pickles =
        bytes
            .asSlice(0, Math.min(bytes.byteSize(), PickleReader.MAX_BYTES))
            .toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * The tensors of a file that begins with {@link #MAGIC}.
   *
   * @param file the file's name
   * @param where the file, for messages
   */
  static SequencedMap<String, TensorView> tensors(MemorySegment bytes, String file, String where) {
    LegacyTorch legacy = new LegacyTorch(bytes, where);
    legacy.checkHeader();
    StateDict dict = new StateDict(legacy.pickle(), where);
    return dict.bind(file, legacy.storages(dict));
  }

  private void checkHeader() {
    PickleValue protocol = pickle();
    if (!(protocol instanceof Int number) || number.value() != PROTOCOL) {
      throw fail("protocol version is %s, expected %d".formatted(protocol.kind(), PROTOCOL));
    }
    PickleValue little =
        pickle() instanceof Dict system
            ? system.entries().getOrDefault(new Text("little_endian"), new Bool(false))
            : new Bool(false);
    if (!(little instanceof Bool flag) || !flag.value()) {
      throw fail("was written on a big-endian machine, expected little_endian");
    }
  }

  private PickleValue pickle() {
    PickleReader reader = new PickleReader(pickles, Math.toIntExact(position), where);
    PickleValue value = reader.read();
    position = reader.position();
    return value;
  }

  private Map<String, MemorySegment> storages(StateDict dict) {
    PickleValue keys = pickle();
    if (!(keys instanceof Sequence list)) {
      throw fail("storage keys are %s, expected a list".formatted(keys.kind()));
    }
    Map<String, MemorySegment> storages = new HashMap<>();
    for (PickleValue item : list.items()) {
      if (!(item instanceof Text key)) {
        throw fail("storage key is %s, expected a string".formatted(item.kind()));
      }
      Storage storage = dict.storages().get(key.value());
      if (storage == null) {
        throw fail("storage '%s' belongs to no tensor".formatted(key.value()));
      }
      if (storages.put(key.value(), elements(storage)) != null) {
        throw fail("storage '%s' is there twice".formatted(key.value()));
      }
    }
    for (String key : dict.storages().keySet()) {
      if (!storages.containsKey(key)) {
        throw fail("storage '%s' is missing".formatted(key));
      }
    }
    if (position != bytes.byteSize()) {
      throw fail("has %d bytes after its last storage".formatted(bytes.byteSize() - position));
    }
    return storages;
  }

  private MemorySegment elements(Storage storage) {
    if (bytes.byteSize() - position < Long.BYTES) {
      throw cutShort(storage);
    }
    long count = bytes.get(LE_LONG, position);
    position += Long.BYTES;
    if (count != storage.elements()) {
      throw fail(
          "storage '%s' has %d elements, expected %d"
              .formatted(storage.key(), count, storage.elements()));
    }
    long itemBytes = storage.dtype().bytes();
    if (count > (bytes.byteSize() - position) / itemBytes) {
      throw cutShort(storage);
    }
    MemorySegment elements = bytes.asSlice(position, count * itemBytes);
    position += count * itemBytes;
    return elements;
  }

  private CheckpointException cutShort(Storage storage) {
    return fail(
        "ends at byte %d in the middle of storage '%s' of %d elements; it is cut short"
            .formatted(bytes.byteSize(), storage.key(), storage.elements()));
  }

  private CheckpointException fail(String problem) {
    return new CheckpointException(where, problem);
  }
}
