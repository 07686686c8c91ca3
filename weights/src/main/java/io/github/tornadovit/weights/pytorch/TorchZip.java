package io.github.tornadovit.weights.pytorch;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.file.Chunks;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.pytorch.PickleValue.Storage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32;

/** The zip form of a torch file; described at the package. */
final class TorchZip {
  private static final String PICKLE = "/data.pkl";

  private final MemorySegment bytes;
  private final String where;
  private final SequencedMap<String, ZipDirectory.Entry> entries;

  private TorchZip(MemorySegment bytes, String where) {
    this.bytes = bytes;
    this.where = where;
    this.entries = ZipDirectory.read(bytes, where);
  }

  /**
   * The tensors of a file.
   *
   * @param file the file's name
   * @param where the file, for messages
   */
  static SequencedMap<String, TensorView> tensors(MemorySegment bytes, String file, String where) {
    TorchZip zip = new TorchZip(bytes, where);
    String top = zip.top();
    zip.checkKind(top);
    StateDict dict = new StateDict(zip.pickle(top), where);
    return dict.bind(file, zip.storages(top, dict));
  }

  /** The folder in the zip that all entries are in: the file's stem, or "archive". */
  private String top() {
    String top = null;
    for (String name : entries.keySet()) {
      if (name.endsWith(PICKLE)) {
        if (top != null) {
          throw fail("zip has '%s' and '%s', expected one".formatted(top + PICKLE, name));
        }
        top = name.substring(0, name.length() - PICKLE.length());
      }
    }
    if (top == null) {
      throw fail("zip has no entry '…%s'; torch.save did not write it".formatted(PICKLE));
    }
    return top;
  }

  private void checkKind(String top) {
    if (entries.containsKey(top + "/constants.pkl")) {
      throw fail("is a TorchScript program, expected the state dict of a model");
    }
    ZipDirectory.Entry order = entries.get(top + "/byteorder");
    if (order != null) {
      String text = order.size() > 16 ? "?" : new String(content(order), StandardCharsets.US_ASCII);
      if (!text.equals("little")) {
        throw fail("has byte order '%s', expected 'little'".formatted(text));
      }
    }
  }

  private PickleValue pickle(String top) {
    ZipDirectory.Entry entry = entry(top + PICKLE);
    if (entry.size() > PickleReader.MAX_BYTES) {
      throw fail(
          "pickle of %d bytes, expected at most %d"
              .formatted(entry.size(), PickleReader.MAX_BYTES));
    }
    PickleReader reader = new PickleReader(content(entry), 0, where);
    PickleValue root = reader.read();
    if (reader.position() != entry.size()) {
      throw fail("pickle ends at byte %d of %d".formatted(reader.position(), entry.size()));
    }
    return root;
  }

  private Map<String, MemorySegment> storages(String top, StateDict dict) {
    Map<String, ZipDirectory.Entry> located = new HashMap<>();
    for (Storage storage : dict.storages().values()) {
      ZipDirectory.Entry entry = entry(top + "/data/" + storage.key());
      long itemBytes = storage.dtype().bytes();
      if (entry.size() % itemBytes != 0 || entry.size() / itemBytes != storage.elements()) {
        throw fail(
            "zip entry '%s' has %d bytes, expected %d elements of %s"
                .formatted(entry.name(), entry.size(), storage.elements(), storage.dtype()));
      }
      located.put(storage.key(), entry);
    }
    requireIntact(located);
    Map<String, MemorySegment> storages = new HashMap<>();
    located.forEach((key, entry) -> storages.put(key, slice(entry)));
    return storages;
  }

  private ZipDirectory.Entry entry(String name) {
    ZipDirectory.Entry entry = entries.get(name);
    if (entry == null) {
      throw fail("zip has no entry '%s'".formatted(name));
    }
    return entry;
  }

  /**
   * Verifies the CRCs of storages on all cores. No task throws: one that failed early would leave
   * the others reading a mapping that is about to be closed.
   */
  private void requireIntact(Map<String, ZipDirectory.Entry> storages) {
    storages.values().parallelStream()
        .filter(entry -> crc(entry) != entry.crc())
        .min(Comparator.comparingLong(ZipDirectory.Entry::header))
        .ifPresent(
            damaged -> {
              throw damaged(damaged);
            });
  }

  /** The bytes of an entry, whose CRC was found right. */
  private MemorySegment verified(ZipDirectory.Entry entry) {
    if (crc(entry) != entry.crc()) {
      throw damaged(entry);
    }
    return slice(entry);
  }

  private long crc(ZipDirectory.Entry entry) {
    CRC32 crc = new CRC32();
    Chunks.of(slice(entry), (content, count) -> crc.update(content, 0, count));
    return crc.getValue();
  }

  private CheckpointException damaged(ZipDirectory.Entry entry) {
    return fail(
        "zip entry '%s' has CRC %08x, expected %08x; the file is damaged"
            .formatted(entry.name(), crc(entry), entry.crc()));
  }

  private byte[] content(ZipDirectory.Entry entry) {
    return verified(entry).toArray(ValueLayout.JAVA_BYTE);
  }

  private MemorySegment slice(ZipDirectory.Entry entry) {
    return bytes.asSlice(entry.data(), entry.size());
  }

  private CheckpointException fail(String problem) {
    return new CheckpointException(where, problem);
  }
}
