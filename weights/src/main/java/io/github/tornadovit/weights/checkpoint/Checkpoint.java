package io.github.tornadovit.weights.checkpoint;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.PreprocessorConfig;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.configfile.Processors;
import io.github.tornadovit.weights.family.Family;
import io.github.tornadovit.weights.family.Scope;
import io.github.tornadovit.weights.file.CheckpointFolder;
import io.github.tornadovit.weights.json.JsonObject;
import io.github.tornadovit.weights.layout.CheckpointFiles;
import io.github.tornadovit.weights.layout.HubFolder;
import io.github.tornadovit.weights.layout.WrongFolder;
import io.github.tornadovit.weights.model.VisionWeights;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint folder, opened: what it is, and its tensors as views over its files.
 *
 * {@snippet :
 * try (Checkpoint checkpoint = Checkpoint.open(Path.of("vit-base"))) {
 *   VisionWeights weights = checkpoint.weights();
 *   float[] bias = weights.heads().getFirst().bias().toArray();
 * }
 * // here checkpoint.weights() throws IllegalStateException, and so does reading a tensor
 * }
 *
 * <p>Opening reads and checks the configuration and the structure of every weight file, and maps
 * the files read-only; no tensor is copied. The checkpoint owns the mappings: tensors can be read
 * until it is closed. Nothing stays open when opening fails.
 *
 * <p>A mapping shows what other programs write to its file. A tensor in a file that was cut short
 * fails with a {@link CheckpointException} where it cannot be read; that the values read are those
 * of the opened file, {@link #requireUnchanged} tells.
 *
 * <p>Safe for use by several threads, of which any may close it.
 */
public final class Checkpoint implements AutoCloseable {
  private final String name;
  private final Path path;
  private final CheckpointFolder folder;
  private final Arena arena;
  private final Family family;
  private final JsonObject json;
  private final VisionConfig config;
  private final PreprocessorConfig preprocessor;
  private final List<WeightFile> files;
  private final SequencedMap<String, TensorView> tensors;

  /** {@link #tensors} that are the model's, by the names that transformers gives them. */
  private final SequencedMap<String, TensorView> plain;

  private final List<CheckpointNote> notes;
  private final SequencedMap<String, String> defaults;
  private volatile @Nullable String digest;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param path the folder
   * @param told what is known of it already
   */
  private Checkpoint(CheckpointFolder folder, Path path, List<CheckpointNote> told) {
    this.name = folder.name();
    this.path = path;
    this.folder = folder;
    this.arena = folder.arena();
    if (!folder.has(CheckpointFiles.CONFIG)) {
      throw WrongFolder.withoutConfig(path, name);
    }
    this.json = JsonObject.read(folder, CheckpointFiles.CONFIG);
    WeightFiles weights = WeightFiles.open(folder, path);
    this.files = List.copyOf(weights.files());
    this.tensors = Collections.unmodifiableSequencedMap(weights.tensors());
    if (WrongFolder.holdsAdapter(path)) {
      told.add(
          new CheckpointNote(
              CheckpointNote.Kind.FOLDER,
              "an adapter (adapter_config.json) lies beside the weights, and is not applied"));
    }
    this.family = Family.of(json);
    this.plain = PlainNames.of(name, tensors, family, told::add);
    this.config = family.config(json, plain, told::add);
    this.preprocessor = family.preprocessor(Processors.find(folder), json, config);
    for (String note : preprocessor.notes()) {
      told.add(new CheckpointNote(CheckpointNote.Kind.PREPROCESSING, note));
    }
    this.notes = List.copyOf(told);
    this.defaults = json.defaults();
  }

  /**
   * Opens a folder as Hugging Face lays it out: {@code config.json}, {@code
   * preprocessor_config.json} if there is one, and the first of {@code model.safetensors}, {@code
   * model.safetensors.index.json}, {@code pytorch_model.bin}, {@code pytorch_model.bin.index.json}.
   * Files of the default file system are mapped read-only; others (a jar's) are read into memory,
   * and their file system may be closed afterwards.
   *
   * @throws CheckpointException if the folder is not a usable checkpoint
   */
  public static Checkpoint open(Path folder) {
    return open(folder, folder.toString());
  }

  /** As {@link #open(Path)}, with the name that messages and {@link #name} give the folder. */
  public static Checkpoint open(Path folder, String name) {
    return open(folder, name, Arena.ofShared());
  }

  /** As {@link #open(Path, String)}, with the arena that will be closed. */
  static Checkpoint open(Path folder, String name, Arena arena) {
    boolean opened = false;
    try {
      if (!Files.isDirectory(folder)) {
        throw WrongFolder.noFolder(folder, name);
      }
      List<CheckpointNote> told = new ArrayList<>();
      Path path = inHubCache(folder, name, told);
      Checkpoint checkpoint = open(new CheckpointFolder(path, name, arena), path, told);
      opened = true;
      return checkpoint;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  private static Path inHubCache(Path folder, String name, List<CheckpointNote> told) {
    Path snapshot = HubFolder.snapshot(folder, name);
    if (snapshot == null) {
      return folder;
    }
    told.add(
        new CheckpointNote(
            CheckpointNote.Kind.FOLDER,
            "a model's folder in the cache of the hub: its snapshot %s is read"
                .formatted(snapshot.getFileName())));
    return snapshot;
  }

  private static Checkpoint open(CheckpointFolder folder, Path path, List<CheckpointNote> told) {
    try {
      return new Checkpoint(folder, path, told);
    } catch (RuntimeException | Error failure) {
      folder.blame(failure);
      throw failure;
    }
  }

  /** The folder as the user would name it. */
  public String name() {
    return name;
  }

  /** What {@code config.json} says. */
  public VisionConfig config() {
    return config;
  }

  /** What {@code preprocessor_config.json} says. */
  public PreprocessorConfig preprocessor() {
    return preprocessor;
  }

  /**
   * Assumptions where the files are silent or were read otherwise than they say; empty for a
   * checkpoint as transformers saves it.
   */
  public List<CheckpointNote> notes() {
    return notes;
  }

  /**
   * The keys that {@code config.json} leaves out, and what was taken for them: the defaults of the
   * family, as transformers has them. Empty for most checkpoints that transformers saved whole.
   */
  public SequencedMap<String, String> defaults() {
    return defaults;
  }

  /**
   * The model of the Hugging Face hub that the files are of, if they lie in a snapshot of its
   * cache.
   */
  public Optional<HubOrigin> hubOrigin() {
    return HubOrigin.of(path);
  }

  /** The folder that was read. */
  public Path path() {
    return path;
  }

  /** The names of the files that were read, sorted; what else lies in the folder was not. */
  public List<String> filesRead() {
    return folder.filesRead();
  }

  /** The files that hold the weights. */
  public List<WeightFile> files() {
    return files;
  }

  /**
   * SHA-256, in hexadecimal, that names the content of the checkpoint: {@code sha256sum} of what
   * {@code sha256sum} prints for its files (configuration, preprocessor, weights, index of shards)
   * in the order of their names. Reads all of them, the first time.
   *
   * @throws IllegalStateException if the checkpoint was closed
   * @throws CheckpointException if a file changed since it was opened
   */
  public String digest() {
    requireOpen();
    String known = digest;
    if (known == null) {
      known = computeDigest();
      digest = known;
    }
    return known;
  }

  private String computeDigest() {
    try {
      String computed = folder.digest();
      folder.requireUnchanged();
      return computed;
    } catch (RuntimeException | Error failure) {
      requireOpen(); // Another thread may have closed it.
      folder.blame(failure);
      throw failure;
    }
  }

  /**
   * Checks that what was read of the tensors is what the files held when they were opened. To be
   * asked after reading; costs a look at each file's size and time.
   *
   * @throws CheckpointException if a file was written to or cut short since
   */
  public void requireUnchanged() {
    folder.requireUnchanged();
  }

  /**
   * Throws what a failure comes from, if that is a file that changed or cannot be read any more, or
   * memory that is full; else the failure is the caller's to throw on.
   *
   * @param failure of anything that read tensors
   * @throws CheckpointException if a file or the memory was at fault
   */
  public void blame(Throwable failure) {
    folder.blame(failure);
  }

  /**
   * What stands against a pooler, where the model has none, in a few words for a message: the
   * tensor that is missing or not read. Empty if no model of the family has one.
   */
  public String withoutPooler() {
    return family.withoutPooler(Scope.root(name, plain), family.words(json));
  }

  /** Every tensor of the files by name, sorted. */
  public SequencedMap<String, TensorView> tensors() {
    return tensors;
  }

  /**
   * The weights of the architecture, each checked for type and shape. Looks up names; copies
   * nothing.
   *
   * @throws CheckpointException if one is missing or not what the configuration implies
   * @throws IllegalStateException if the checkpoint was closed
   */
  public VisionWeights weights() {
    requireOpen();
    return family.weights(json, config, Scope.root(name, plain));
  }

  /**
   * Tensors that {@link #weights} does not read, by name: a mask token, index buffers, a pooler
   * that the classifier does not use.
   *
   * @throws CheckpointException as {@link #weights} does
   * @throws IllegalStateException if the checkpoint was closed
   */
  public List<TensorView> unread() {
    requireOpen();
    Scope root = Scope.root(name, plain);
    family.weights(json, config, root);
    Set<TensorView> read = Collections.newSetFromMap(new IdentityHashMap<>());
    root.read().forEach(tensor -> read.add(plain.get(tensor)));
    return tensors.values().stream().filter(tensor -> !read.contains(tensor)).toList();
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("checkpoint '" + name + "' was closed");
    }
  }

  /** Releases the files. Tensors must not be read afterwards. Does nothing the second time. */
  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      arena.close();
    }
  }
}
