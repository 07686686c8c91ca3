package io.github.tornadovit.spark;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.apache.spark.SparkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Classifies or embeds folders of images to Parquet, without code:
 *
 * <pre>
 * spark-submit --class io.github.tornadovit.spark.VisionJob tornado-vit-spark_2.13-VERSION-all.jar \
 *     classify --model google/vit-base-patch16-224 --input hdfs:///photos --output hdfs:///labels
 * </pre>
 *
 * <p>Run again, it does what the output lacks. Exit code 0 when every image has a row, those that
 * cannot be read among them; 2 on wrong usage; 1 on any other failure.
 */
@Command(
    name = "VisionJob",
    description = "Classify or embed folders of images on a cluster, to Parquet.",
    subcommands = {VisionJob.Classify.class, VisionJob.Embed.class},
    mixinStandardHelpOptions = true)
public final class VisionJob implements Runnable {
  private static final Logger LOGGER = LoggerFactory.getLogger(VisionJob.class);

  @Spec private CommandSpec command;

  /** Made by picocli. */
  VisionJob() {}

  /** Runs the job in the application that {@code spark-submit} started. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the job and gives its exit code. */
  static int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  /** As {@link #run(String...)}, with what is said of it written elsewhere. */
  static int run(PrintWriter err, String... arguments) {
    return commandLine().setErr(err).execute(arguments);
  }

  private static CommandLine commandLine() {
    IExecutionExceptionHandler inOneLine =
        (failure, line, parsed) -> {
          line.getErr().println("tornado-vit: " + message(failure));
          LOGGER.error("the job failed", failure);
          return CommandLine.ExitCode.SOFTWARE;
        };
    return new CommandLine(new VisionJob()).setExecutionExceptionHandler(inOneLine);
  }

  /** Spark's own messages are pages about tasks; what failed there is their cause. */
  private static String message(Throwable failure) {
    Throwable said = failure;
    while (said instanceof SparkException && said.getCause() != null) {
      said = said.getCause();
    }
    return said.getMessage() == null ? said.toString() : said.getMessage();
  }

  @Override
  public void run() {
    throw new ParameterException(command.commandLine(), "expected a command: classify or embed");
  }

  /** The command {@code classify}. */
  @Command(
      name = "classify",
      description = "Columns path, label, score, scores, error.",
      mixinStandardHelpOptions = true)
  static final class Classify implements Callable<Integer> {
    @Mixin private JobArguments arguments = new JobArguments();

    @Option(
        names = "--top-k",
        paramLabel = "N",
        description = "Classes of the column scores; default: ${DEFAULT-VALUE}.")
    private int topK = 5;

    Classify() {}

    @Override
    public Integer call() {
      return arguments.run(() -> new VisionClassifier().setTopK(topK), "classify, top " + topK);
    }
  }

  /** The command {@code embed}. */
  @Command(
      name = "embed",
      description = "Columns path, embedding, error.",
      mixinStandardHelpOptions = true)
  static final class Embed implements Callable<Integer> {
    @Mixin private JobArguments arguments = new JobArguments();

    @Option(
        names = "--pooling",
        paramLabel = "NAME",
        description =
            "cls, mean, pooled, pooler, projection or tokens; default: cls, or mean if the model has no"
                + " class token.")
    private String pooling = "";

    @Option(
        names = "--layer",
        paramLabel = "N",
        description = "Hidden state that is pooled; default: the last.")
    private int layer = -1;

    @Option(names = "--normalize", description = "Divide each vector by its Euclidean length (L2).")
    private boolean normalize;

    Embed() {}

    @Override
    public Integer call() {
      return arguments.run(
          () -> new VisionEmbedder().setPooling(pooling).setLayer(layer).setNormalize(normalize),
          "embed, pooling '%s', layer %d%s".formatted(pooling, layer, normalize ? ", l2" : ""));
    }
  }
}
