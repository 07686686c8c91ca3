package io.github.tornadovit.weights.pytorch;

import java.util.List;
import java.util.Set;

/** A model that {@code torch.save(model)} pickled whole: code by name, which is never run here. */
final class WholeModel {
  private static final List<String> LIBRARIES =
      List.of("transformers.", "timm.", "torch.nn.", "torchvision.", "peft.");
  private static final List<String> TRAINERS = List.of("pytorch_lightning.", "lightning.");

  /** Where attacks on readers of pickles find what they run; never the module of a model. */
  private static final Set<String> OF_PYTHON =
      Set.of(
          "__builtin__",
          "builtins",
          "os",
          "posix",
          "nt",
          "sys",
          "subprocess",
          "shutil",
          "socket",
          "runpy",
          "code",
          "pty",
          "importlib",
          "pickle",
          "operator",
          "functools",
          "numpy",
          "torch",
          "copy_reg",
          "copyreg",
          "collections",
          "webbrowser",
          "ctypes",
          "commands",
          "pip");

  private WholeModel() {}

  /**
   * Whether a name that a pickle refers to is likely the class of a model.
   *
   * @param first whether the pickle begins with it
   */
  static boolean isOne(String module, String symbol, boolean first) {
    if (LIBRARIES.stream().anyMatch(module::startsWith)) {
      return true;
    }
    String top = module.substring(0, (module + ".").indexOf('.'));
    boolean isClass = !symbol.isEmpty() && Character.isUpperCase(symbol.charAt(0));
    boolean own = !OF_PYTHON.contains(top) && TRAINERS.stream().noneMatch(module::startsWith);
    return isClass && own && (first || module.equals("__main__"));
  }

  static String advice(String module, String symbol) {
    return "refers to '%s %s': the model was saved whole, by torch.save(model), which takes its code"
            .formatted(module, symbol)
        + " to read; refused, nothing of it was run. Save it again: model.save_pretrained(FOLDER),"
        + " or torch.save(model.state_dict(), \"pytorch_model.bin\")";
  }
}
