"""The maker of the suite `studio`: needed to remake or enlarge it, never to use the package."""
