package dev.aerie.cli;

import dev.aerie.AerieException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/// The command line: one class per verb, each a thin user of the library.
@Command(
        name = "aerie",
        description = "A multimodal language model that sees through a mixture of vision encoders.",
        mixinStandardHelpOptions = true,
        version = "aerie 0.1.0",
        subcommands = {
            DemoCommand.class,
            AskCommand.class,
            ChatCommand.class,
            InspectCommand.class,
            DoctorCommand.class,
            EvalCommand.class,
            BenchCommand.class,
            FabricateCommand.class,
            DataCommand.class,
            LabCommand.class,
            ParityCommand.class,
            ReportCommand.class,
            StudyCommand.class,
            TilesCommand.class,
            TrainCommand.class,
            WorldCommand.class
        },
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs:%n",
        footer = "%n'aerie VERB --help' says more about a verb.",
        scope = ScopeType.INHERIT)
public final class Main implements Runnable {

    /// Exit codes: the user's mistake, and a failure of ours.
    static final int MISTAKE = 2;

    static final int FAILURE = 1;

    /// The Parquet reader logs what it found of the processor; held here because loggers are forgotten otherwise.
    private static final Logger PARQUET = Logger.getLogger("dev.hardwood");

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @CommandLine.Option(names = "--debug", description = "Show where an error comes from.", scope = ScopeType.INHERIT)
    private boolean debug;

    Main() {
        spec = CommandLine.Model.CommandSpec.create();
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a verb");
    }

    public static void main(String[] arguments) {
        PARQUET.setLevel(Level.WARNING);
        new Departure().install();
        System.exit(run(arguments, new PrintWriter(System.out, true), new PrintWriter(System.err, true)));
    }

    /// Runs a command line and returns its exit code.
    static int run(String[] arguments, PrintWriter out, PrintWriter err) {
        Locale.setDefault(Locale.ROOT); // numbers look the same on every machine
        var main = new Main();
        var line = new CommandLine(main);
        line.setOut(out).setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setAllowSubcommandsAsOptionParameters(true); // a folder may be called 'data'
        line.setParameterExceptionHandler((e, _) -> {
            err.println("aerie: " + e.getMessage() + " (see '"
                    + e.getCommandLine().getCommandSpec().qualifiedName() + " --help')");
            return MISTAKE;
        });
        line.setExecutionExceptionHandler((e, _, _) -> {
            err.println("aerie: " + oneLine(e));
            if (main.debug) {
                e.printStackTrace(err);
            }
            return e instanceof AerieException ? MISTAKE : FAILURE;
        });
        try {
            int code = line.execute(arguments);
            if (code == 0 && out.checkError()) {
                err.println("aerie: cannot write all of the output: is the disk full, or was the pipe closed?");
                return FAILURE;
            }
            return code;
        } catch (OutOfMemoryError e) {
            err.println("aerie: " + outOfMemory(e));
            if (main.debug) {
                e.printStackTrace(err);
            }
            return FAILURE;
        } catch (LinkageError e) {
            err.println("aerie: cannot load a library (" + e.toString().replaceAll("\\R", " ")
                    + "): 'aerie doctor' says what is missing");
            if (main.debug) {
                e.printStackTrace(err);
            }
            return FAILURE;
        }
    }

    /// Writers swallow what went wrong.
    static void requireWritten(PrintWriter out) {
        if (out.checkError()) {
            throw new AerieException("cannot write the output: is the disk full, or was the pipe closed?");
        }
    }

    private static String outOfMemory(OutOfMemoryError e) {
        return "out of memory (" + e.getMessage() + "; Java's heap may have "
                + (Runtime.getRuntime().maxMemory() >> 20)
                + " MiB): give less at a time, or start with a larger heap (_JAVA_OPTIONS=-Xmx8g)";
    }

    static String oneLine(Exception e) {
        var message = e instanceof AerieException
                ? e.getMessage()
                : "unexpected " + e.getClass().getSimpleName() + ": " + e.getMessage()
                        + "; --debug shows where it comes from";
        return String.valueOf(message).replaceAll("\\R", " ");
    }
}
