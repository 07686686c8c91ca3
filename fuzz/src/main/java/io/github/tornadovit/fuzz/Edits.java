package io.github.tornadovit.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Inputs of {@link FamilyTarget} as what to change in a whole model: a byte for the model, and
 * three bytes for each change. A fifth of them are models still, of mutated texts few are.
 */
final class Edits {
  private static final int MOST = 8;

  /** A key of a config with its value, where that is no list and no object. */
  private static final Pattern SCALAR =
      Pattern.compile("\"(\\w+)\":(-?\\d[\\d.eE+-]*|true|false|null|\"[^\"]*\")");

  private static final List<String> VALUES =
      List.of(
          ("0 1 2 3 4 5 6 7 8 10 12 16 18 24 30 36 -1 0.5 1e-12 1e30 true false null [1,2] {} \"\""
                  + " \"gelu\" \"gelu_new\" \"quick_gelu\" \"gelu_pytorch_tanh\" \"relu\" \"silu\""
                  + " \"swish\" \"token\" \"avg\" \"map\" \"avgmax\" \"cls\"")
              .split(" "));

  private static final List<String> PREFIXES =
      List.of("", "module.", "model.", "vit.", "vision_model.", "backbone.", "encoder.");

  private final List<String> models;

  private Edits(List<String> models) {
    this.models = models;
  }

  /** Of the models among this class's resources. */
  static Edits ofModels() {
    URL models = Objects.requireNonNull(Edits.class.getResource("models"));
    try (Stream<Path> files = Files.walk(Path.of(models.toURI()))) {
      return new Edits(files.filter(Files::isRegularFile).sorted().map(Edits::text).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The model that an input describes. */
  String apply(byte[] input) {
    Model model = new Model(model(input.length == 0 ? 0 : input[0]));
    for (int i = 1; i + 3 <= Math.min(input.length, 1 + 3 * MOST); i += 3) {
      edit(model, input[i] & 0xff, input[i + 1] & 0xff, input[i + 2] & 0xff);
    }
    return model.toString();
  }

  private String model(int which) {
    return models.get(Math.floorMod(which, models.size()));
  }

  private void edit(Model model, int kind, int which, int what) {
    switch (kind % 7) {
      case 0 ->
          model.editScalar(
              which, "\"$1\":" + Matcher.quoteReplacement(VALUES.get(what % VALUES.size())));
      case 1 -> model.editScalar(which, "\"_$1\":$2");
      case 2 -> model.dropTensor(which);
      case 3 -> model.replaceNumber(which, 1 + what % 80);
      case 4 -> model.resizeTensor(which, what % 4, 1 + what / 4);
      case 5 -> model.addTensor(new Model(model(what)), which);
      default -> model.rename(PREFIXES.get(what % PREFIXES.size()), which % 2 == 1);
    }
  }

  /** Lines of tensors and a config, to be changed. */
  private static final class Model {
    private final List<String> tensors;
    private String config;

    Model(String text) {
      int end = text.indexOf("\n\n");
      tensors = new ArrayList<>(text.substring(0, end).lines().toList());
      config = text.substring(end + 2);
    }

    /** Replaces a scalar with its key, {@code $1} and {@code $2}. */
    void editScalar(int which, String replacement) {
      List<MatchResult> scalars = SCALAR.matcher(config).results().toList();
      MatchResult scalar = scalars.get(which % scalars.size());
      config =
          config.substring(0, scalar.start())
              + SCALAR.matcher(scalar.group()).replaceFirst(replacement)
              + config.substring(scalar.end());
    }

    void dropTensor(int which) {
      if (!tensors.isEmpty()) {
        tensors.remove(which % tensors.size());
      }
    }

    /** Another number for one of the extents, wherever tensors or the config have it. */
    void replaceNumber(int which, int by) {
      TreeSet<String> numbers = new TreeSet<>();
      tensors.forEach(tensor -> numbers.addAll(Arrays.asList(extents(tensor))));
      if (numbers.isEmpty()) {
        return;
      }
      String number = List.copyOf(numbers).get(which % numbers.size());
      tensors.replaceAll(
          tensor ->
              name(tensor)
                  + " "
                  + String.join(
                      ",",
                      Arrays.stream(extents(tensor))
                          .map(extent -> extent.equals(number) ? String.valueOf(by) : extent)
                          .toList()));
      config = config.replaceAll("(?<=[:\\[,])" + number + "(?=[,\\]}])", String.valueOf(by));
    }

    void resizeTensor(int which, int dimension, int extent) {
      if (tensors.isEmpty()) {
        return;
      }
      int index = which % tensors.size();
      String[] extents = extents(tensors.get(index));
      extents[dimension % extents.length] = String.valueOf(extent);
      tensors.set(index, name(tensors.get(index)) + " " + String.join(",", extents));
    }

    void addTensor(Model from, int which) {
      tensors.add(from.tensors.get(which % from.tensors.size()));
    }

    /** Puts a prefix before all names, in place of their first part or not. */
    void rename(String prefix, boolean stripped) {
      tensors.replaceAll(
          tensor -> prefix + (stripped ? tensor.substring(tensor.indexOf('.') + 1) : tensor));
    }

    private static String name(String tensor) {
      return tensor.substring(0, tensor.lastIndexOf(' '));
    }

    private static String[] extents(String tensor) {
      return tensor.substring(tensor.lastIndexOf(' ') + 1).split(",", -1);
    }

    @Override
    public String toString() {
      return String.join("\n", tensors) + "\n\n" + config;
    }
  }
}
