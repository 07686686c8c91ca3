package io.github.tornadovit.hub;

import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.checkpoint.CheckpointSource;
import java.util.regex.Pattern;

/**
 * A model of the hub, at a revision.
 *
 * {@snippet :
 * HubModel latest = HubModel.of("google/vit-base-patch16-224");
 * HubModel pinned = HubModel.of("google/vit-base-patch16-224@3f49326eb077187dfe1c2a2bb15fbd74e6ab91e3");
 * VisionModel model = VisionModel.load(pinned, ModelOptions.defaults());
 * }
 *
 * @param id {@code organisation/name}, or {@code name} of one of the few models without
 * @param revision a branch, a tag, a reference such as {@code refs/pr/1}, or a commit; a commit of
 *     40 hexadecimal digits never changes, so that its files are asked for once
 */
public record HubModel(String id, String revision) implements CheckpointSource {
  /** The revision of a model that is named without one. */
  public static final String MAIN = "main";

  private static final int MAX_REVISION = 200;

  // What the hub allows: one name, or two; letters, digits, '-', '_', '.'; '--' and '..' nowhere.
  private static final String NAME = "[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?";
  private static final Pattern ID = Pattern.compile("(?:" + NAME + "/)?" + NAME);
  private static final Pattern REVISION =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+=@-]*(?:/[A-Za-z0-9_][A-Za-z0-9._+=@-]*)*");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /**
   * @throws IllegalArgumentException if the id or the revision is none that the hub allows
   */
  public HubModel {
    if (!isId(id)) {
      throw new IllegalArgumentException(
          "'%s' is no name of a model, expected organisation/name or organisation/name@revision"
              .formatted(id));
    }
    if (!isRevision(revision)) {
      throw new IllegalArgumentException(
          "'%s' is no revision of %s, expected a branch, a tag or a commit"
              .formatted(revision, id));
    }
  }

  /**
   * The model of a name.
   *
   * @param name {@code organisation/name} or {@code organisation/name@revision}
   * @throws IllegalArgumentException if it is no such name
   */
  public static HubModel of(String name) {
    int at = name.indexOf('@');
    return at < 0
        ? new HubModel(name, MAIN)
        : new HubModel(name.substring(0, at), name.substring(at + 1));
  }

  /**
   * Whether this is how a model is named that an organisation or a user published: {@code
   * organisation/name}, with a revision or without.
   */
  public static boolean isName(String name) {
    String id = name.replaceFirst("@.*", "");
    return id.indexOf('/') > 0 && isId(id);
  }

  private static boolean isId(String id) {
    return ID.matcher(id).matches()
        && !id.contains("--")
        && !id.contains("..")
        && !id.endsWith(".git");
  }

  /** Revisions become files of the cache, so that none may lead out of it. */
  private static boolean isRevision(String revision) {
    return revision.length() <= MAX_REVISION
        && REVISION.matcher(revision).matches()
        && !revision.contains("..");
  }

  static boolean isCommit(String revision) {
    return COMMIT.matcher(revision).matches();
  }

  /**
   * Opens the model's checkpoint, with the hub and the cache that the environment names; downloads
   * it first if it is not in the cache. For other settings, or to see progress, open the folder
   * that {@link Hub#fetch} gives.
   *
   * @throws HubException if it cannot be had
   * @throws io.github.tornadovit.base.CheckpointException if it is no usable checkpoint
   */
  @Override
  public Checkpoint open() {
    return Checkpoint.open(Hub.fromEnvironment().fetch(this), toString());
  }

  /** The name that {@link #of} takes; without the revision if that is {@value #MAIN}. */
  @Override
  public String toString() {
    return revision.equals(MAIN) ? id : id + "@" + revision;
  }
}
