package io.github.tornadovit.weights.family;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.base.tensor.TensorView;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a checkpoint below a name, as a folder is a place in a file system. {@link
 * #require} checks presence, type and shape in one act, and remembers what was read.
 */
public final class Scope {
  private static final int SUGGESTIONS = 2;

  private final String folder;
  private final Map<String, TensorView> tensors;
  private final Set<String> read;
  private final String prefix;

  private Scope(String folder, Map<String, TensorView> tensors, Set<String> read, String prefix) {
    this.folder = folder;
    this.tensors = tensors;
    this.read = read;
    this.prefix = prefix;
  }

  /**
   * All tensors of a checkpoint.
   *
   * @param folder the checkpoint, for messages
   */
  public static Scope root(String folder, Map<String, TensorView> tensors) {
    return new Scope(folder, tensors, new HashSet<>(), "");
  }

  /** The tensors below {@code name} and a dot; an empty name is this scope itself. */
  Scope at(String name) {
    return name.isEmpty() ? this : new Scope(folder, tensors, read, prefix + name + ".");
  }

  /** The names that were asked for and found, whole. */
  public Set<String> read() {
    return read;
  }

  /** The tensors of this scope that nobody asked for, by their names in it, sorted. */
  SequencedMap<String, TensorView> unread() {
    SequencedMap<String, TensorView> unread = new TreeMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix) && !read.contains(name)) {
            unread.put(name.substring(prefix.length()), tensor);
          }
        });
    return unread;
  }

  /** What a tensor is called in the file, for messages. */
  String file(String name) {
    return inFile(prefix + name);
  }

  /** The beginning of the names of its tensors, for messages. */
  String place() {
    return inFile(prefix);
  }

  /** Whether there is no tensor below. */
  boolean isEmpty() {
    return tensors.keySet().stream().noneMatch(name -> name.startsWith(prefix));
  }

  /**
   * The error that nothing is where something is looked for.
   *
   * @param what that is
   * @param place where it would be
   * @param hint what is there instead, or an empty text
   */
  CheckpointException without(String what, Scope place, String hint) {
    String names =
        tensors.keySet().stream()
            .limit(SUGGESTIONS)
            .map(name -> "'" + name + "'")
            .collect(Collectors.joining(", "));
    return new CheckpointException(
        folder,
        "has no %s: no tensor is below '%s' or named so without that; its %d tensors are %s, …%s"
            .formatted(what, place.place(), tensors.size(), names, hint));
  }

  /** Whether there is a tensor of that name. */
  boolean has(String name) {
    return tensors.containsKey(prefix + name);
  }

  /** The number of axes of a tensor; 0 if there is none of that name. */
  int rank(String name) {
    TensorView tensor = tensors.get(prefix + name);
    return tensor == null ? 0 : tensor.shape().rank();
  }

  /** Whether there is a tensor below that name. */
  boolean hasBelow(String name) {
    return tensors.keySet().stream().anyMatch(whole -> whole.startsWith(prefix + name + "."));
  }

  /** Whether there is a tensor of that name here or deeper. */
  boolean hasEndingIn(String name) {
    return tensors.keySet().stream()
        .anyMatch(whole -> whole.equals(prefix + name) || whole.endsWith("." + name));
  }

  /**
   * A tensor that the model needs.
   *
   * @param why the config keys that the shape comes from, with their values
   * @throws CheckpointException if it is missing, of another shape, or not of floating point
   */
  TensorView require(String name, Shape shape, String why) {
    String whole = prefix + name;
    TensorView tensor = tensors.get(whole);
    if (tensor == null) {
      throw new CheckpointException(
          folder,
          "tensor '%s' is missing, expected %s because %s%s"
              .formatted(inFile(whole), shape, why, nearest(whole)));
    }
    if (!tensor.shape().equals(shape)) {
      throw fail(tensor, "has shape %s, expected %s because %s", tensor.shape(), shape, why);
    }
    if (!tensor.dtype().isFloat()) {
      throw fail(tensor, "has type %s, expected one of F32, F16, BF16, F64", tensor.dtype());
    }
    read.add(whole);
    return tensor;
  }

  /** As {@link #require}, or null if there is no tensor of that name. */
  @Nullable TensorView optional(String name, Shape shape, String why) {
    return has(name) ? require(name, shape, why) : null;
  }

  /** The error that two forms of one part are there. */
  CheckpointException ambiguous(String one, String other) {
    return new CheckpointException(
        folder,
        "has tensors both at '%s' and at '%s', expected one of the two"
            .formatted(prefix + one, prefix + other));
  }

  private CheckpointException fail(TensorView tensor, String problem, Object... facts) {
    return new CheckpointException(
        folder + "/" + tensor.source(),
        "tensor '%s' %s".formatted(tensor.name(), problem.formatted(facts)));
  }

  /** A name with what all names in the files begin with and the model's do not. */
  private String inFile(String name) {
    TensorView known = tensors.get(name);
    if (known != null) {
      return known.name();
    }
    return tensors.entrySet().stream()
            .filter(tensor -> tensor.getValue().name().endsWith("." + tensor.getKey()))
            .map(tensor -> beginning(tensor.getValue().name(), tensor.getKey()))
            .findFirst()
            .orElse("")
        + name;
  }

  private static String beginning(String whole, String end) {
    return whole.substring(0, whole.length() - end.length());
  }

  /** The names in the file that share most of their beginning and end with the one looked for. */
  private String nearest(String wanted) {
    String names =
        tensors.keySet().stream()
            .filter(name -> likeness(name, wanted) * 2 >= wanted.length())
            .sorted(
                Comparator.comparingInt((String name) -> -likeness(name, wanted))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(SUGGESTIONS)
            .map(name -> "'" + inFile(name) + "'")
            .collect(Collectors.joining(" and "));
    return names.isEmpty() ? "" : "; nearest in the file: " + names;
  }

  private static int likeness(String a, String b) {
    int shorter = Math.min(a.length(), b.length());
    int start = 0;
    while (start < shorter && a.charAt(start) == b.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && a.charAt(a.length() - 1 - end) == b.charAt(b.length() - 1 - end)) {
      end++;
    }
    return start + end;
  }
}
