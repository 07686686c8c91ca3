package io.github.tornadovit.engine.image;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * The names that a search passes over: the rule of {@code datasets}' data files. A path is found if
 * it has as many hidden names, and as many special folders, as the pattern that it fits.
 *
 * @param hidden names in the pattern that begin with a dot
 * @param special folders in the pattern that begin with two underscores
 */
record HiddenNames(int hidden, int special) {
  /** The rule of a search without pattern. */
  static final HiddenNames NONE = new HiddenNames(0, 0);

  private static final Set<String> SYSTEM_FILES =
      Set.of("thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r");

  /** The rule of a search by a glob. */
  static HiddenNames of(String glob) {
    int hidden = 0;
    int special = 0;
    String[] names = glob.split("/", -1);
    for (int i = 0; i < names.length; i++) {
      hidden += isHidden(names[i]) ? 1 : 0;
      special += names[i].startsWith("__") && i < names.length - 1 ? 1 : 0;
    }
    return new HiddenNames(hidden, special);
  }

  /**
   * Whether a folder is entered, or a file looked at.
   *
   * @param path relative to the folder that is searched
   */
  boolean admits(Path path, boolean folder) {
    int hiddenHere = 0;
    int specialHere = 0;
    for (int i = 0; i < path.getNameCount(); i++) {
      String name = path.getName(i).toString();
      hiddenHere += isHidden(name) ? 1 : 0;
      specialHere += name.startsWith("__") && (folder || i < path.getNameCount() - 1) ? 1 : 0;
    }
    return folder
        ? hiddenHere <= hidden && specialHere <= special
        : hiddenHere == hidden && specialHere == special && !isOfTheSystem(path);
  }

  private static boolean isHidden(String name) {
    return name.startsWith(".") && !name.chars().allMatch(c -> c == '.');
  }

  private static boolean isOfTheSystem(Path file) {
    return SYSTEM_FILES.contains(file.getFileName().toString().toLowerCase(Locale.ROOT));
  }
}
